using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Rpc.Server;
using Plugwire.Wire.Tests.Http2.Peer;
using Plugwire.Wire.Tests.Rpc;
using Plugwire.Wire.Transports.Memory;
using RawPeer = Plugwire.Wire.Tests.Http2.Peer.RawPeer;

namespace Plugwire.Wire.Tests.Hostile;

/// <summary>A whole server, with its defaults, of which one client is out to hurt it: another goes on, and what the server keeps is bounded. The clock stands still.</summary>
[Collection(MemoryCollection.Name)]
public sealed class NeighbourTests
{
    private const long Room = 16 * 1024 * 1024;
    private const int First = 3;

    public static TheoryData<string> Floods => [.. Flood.OfEither.Keys, .. Flood.OfAClient.Keys, "a million streams opened and reset", "continuation", "header flood", "data after the end"];

    [Theory]
    [MemberData(nameof(Floods))]
    [Trait("Hostile", "others on the same server")]
    public async Task PeerThatFloods_LosesItsConnectionAndNobodyElseNoticesNorIsMemoryLost(string flood)
    {
        await using var served = await Served.StartAsync();
        await served.CallAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (step, chunks) = Of(flood);
        await using var hostile = served.Connect();
        var reading = ReadAsync(hostile);
        await hostile.SendUntilClosedAsync([Raw.Preface, Raw.Settings(), Raw.SettingsAck]);
        if (Flood.OfEither.ContainsKey(flood))
            await hostile.SendUntilClosedAsync([Raw.Headers(1, Flood.Request)]);

        // It sends until it is thrown out, a million steps at most; a call of the other's goes between.
        for (var chunk = 0; chunk < chunks && !reading.IsCompleted; chunk++)
        {
            await hostile.SendUntilClosedAsync([.. Enumerable.Range(chunk * 1000, 1000).Select(step)]);
            await served.CallAsync();
        }

        // DATA behind the end of both sides is the connection's error at once (RFC 9113 section 5.1): the answer may have been quicker.
        Http2ErrorCode[] ends = flood.EndsWith("data after the end", StringComparison.Ordinal) ? [Http2ErrorCode.EnhanceYourCalm, Http2ErrorCode.StreamClosed] : [Http2ErrorCode.EnhanceYourCalm];
        Assert.Contains((await reading.WaitAsync(RawPeer.Limit))!.ErrorCode, ends);
        await served.CallAsync();
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, Room);
        Assert.InRange(served.Handled, 0, 50_000);
    }

    [Fact]
    [Trait("Hostile", "HPACK bomb")]
    public async Task RequestsThatUnfoldToMegabytes_CostTheirLimitAndNoMore()
    {
        const int Bombs = 200;
        await using var served = await Served.StartAsync();
        await using var hostile = served.Connect();
        await hostile.SendAsync(Raw.Preface, Raw.Settings(), Raw.SettingsAck);
        await hostile.FenceAsync();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < Bombs; i++)
        {
            await hostile.SendAsync(Bomb(i));
            await hostile.FenceAsync();
        }

        // Unfolded they would be 3 GB.
        await served.CallAsync();
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, Bombs * 512L * 1024);
        Assert.Equal(1, served.Handled);
    }

    [Fact]
    [Trait("Hostile", "zero-window stall")]
    public async Task PeerThatOpensNoWindow_HoldsNoMoreThanItsStreams()
    {
        await using var served = await Served.StartAsync();
        await using var hostile = served.Connect();
        await hostile.SendAsync(Raw.Preface, Raw.Settings((Raw.InitialWindowSize, 0)), Raw.SettingsAck);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 1000; i++)
            await hostile.SendAsync(Raw.Headers((2 * i) + 1, Flood.Request), Raw.Frame(RawFrame.Data, RawFrame.EndStream, (2 * i) + 1, new byte[5]));
        await hostile.FenceAsync();
        await hostile.SendAsync(Raw.Headers(2001, Flood.Request));
        Assert.Contains(await hostile.FenceAsync(), frame => frame.Type == RawFrame.Reset && frame.StreamId == 2001);
        await served.CallAsync();
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, Room);
    }

    [Fact]
    [Trait("Hostile", "a peer that stops reading")]
    public async Task PeerThatStopsReading_HoldsUpNobodyElse()
    {
        await using var served = await Served.StartAsync();
        await using var hostile = served.Connect();
        await hostile.SendAsync(Raw.Preface, Raw.Settings(), Raw.SettingsAck);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await hostile.SendUntilClosedAsync([.. Enumerable.Range(0, 15_000).Select(i => Raw.Ping((ulong)i))]);
        await served.CallAsync();
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, Room);
    }

    [Fact]
    [Trait("Hostile", "half-open connections")]
    public async Task ConnectionsThatSayNothing_AreClosedInTimeAndHoldUpNobodyElse()
    {
        await using var served = await Served.StartAsync();
        var silent = Enumerable.Range(0, 6).Select(_ => served.Connect()).ToList();
        await served.CallAsync();
        served.Clock.Advance(TimeSpan.FromSeconds(5));
        foreach (var peer in silent)
        {
            await peer.ExpectGoAwayAsync(Http2ErrorCode.SettingsTimeout);
            await peer.DisposeAsync();
        }

        await served.CallAsync();
    }

    private static (Func<int, byte[]> Step, int Chunks) Of(string flood) => flood switch
    {
        "a million streams opened and reset" => (i => [.. Raw.Headers((2 * i) + First, Flood.Request), .. Raw.Reset((2 * i) + First, Http2ErrorCode.Cancel)], 1000),
        "continuation" => (i => i == 0 ? Raw.Headers(1, Flood.Request, endHeaders: false) : Raw.Continuation(1, Raw.Block(("a", "b")), endHeaders: false), 1),
        "header flood" => (i => i == 0 ? Raw.Headers(1, Flood.Request, endHeaders: false) : Raw.Continuation(1, Raw.Block(("a", new string('x', 8000))), endHeaders: false), 1),
        "data after the end" => (
            i => [.. Raw.Headers((2 * i) + First, Flood.Request, endStream: true), .. Raw.Data((2 * i) + First, 100), .. Raw.Data((2 * i) + First, 100)], 1000),
        _ => (Flood.OfEither.TryGetValue(flood, out var either) ? either.Step : Flood.OfAClient[flood].Step, 1000),
    };

    // One field of 4,000 bytes goes into the table, and is named again and again: each request a few bytes on the wire and megabytes uncompressed. Its stream is then reset.
    private static byte[] Bomb(int step)
    {
        byte[] insert = [0x40, 1, (byte)'x', 0x7f, 0x80 + ((3900 - 127) & 0x7f), (3900 - 127) >> 7, .. Enumerable.Repeat((byte)'y', 3900)];
        byte[] block = [.. Flood.Request, .. step == 0 ? insert : [], .. Enumerable.Repeat((byte)0xBE, 4000)];
        var id = (2 * step) + First;
        return [.. Raw.Headers(id, block), .. Raw.Reset(id, Http2ErrorCode.Cancel)];
    }

    // The GOAWAY, and nothing kept of the rest.
    private static async Task<RawFrame?> ReadAsync(RawPeer peer)
    {
        RawFrame? last = null;
        try
        {
            while (await peer.ReadAsync() is { } frame)
                last = frame;
        }
        catch (IOException)
        {
            // The transport closed within a frame: the assertion on the last says it.
        }

        return last;
    }

    private sealed class Served(RpcServer server, RpcClientConnection client, FakeTimeProvider clock) : IAsyncDisposable
    {
        private int _handled;

        public int Handled => Volatile.Read(ref _handled);

        public FakeTimeProvider Clock => clock;

        public static async Task<Served> StartAsync()
        {
            var clock = new FakeTimeProvider();
            var service = new ScriptedEcho();
            var methods = new RpcMethods();
            Echo.BindService(methods, service);
            var server = new RpcServer(methods, new RpcServerOptions { Logger = new FakeLogger(), TimeProvider = clock });
            var (near, far) = MemoryTransport.CreatePair();
            server.Serve(far);
            var client = await RpcClientConnection.ConnectAsync(near, new RpcClientOptions { TimeProvider = clock }, CancellationToken.None).WaitAsync(RawPeer.Limit);
            var served = new Served(server, client, clock);
            service.OnUnary = (request, _) =>
            {
                Interlocked.Increment(ref served._handled);
                return Task.FromResult(ScriptedEcho.Reply(request));
            };
            return served;
        }

        public RawPeer Connect()
        {
            var (near, far) = MemoryTransport.CreatePair();
            server.Serve(far);
            return new RawPeer(near.Stream);
        }

        public async Task CallAsync()
        {
            var answer = await new Echo.EchoClient(client.CallInvoker).UnaryAsync(new EchoRequest { Text = "still here" }).ResponseAsync.WaitAsync(RawPeer.Limit);
            Assert.Equal("still here", answer.Text);
        }

        public async ValueTask DisposeAsync()
        {
            await client.DisposeAsync().AsTask().WaitAsync(RawPeer.Limit);
            await server.DisposeAsync().AsTask().WaitAsync(RawPeer.Limit);
        }
    }
}
