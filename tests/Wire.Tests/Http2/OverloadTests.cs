using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Http2;

[Trait("RFC 9113", "10.5 Denial-of-Service Considerations")]
public sealed class OverloadTests
{
    private static readonly Dictionary<string, Func<int, byte[]>> Floods = new()
    {
        ["PING"] = i => Raw.Ping((ulong)i),
        ["SETTINGS"] = _ => Raw.Settings(),
        ["requests that are malformed"] = i => Raw.Headers((2 * i) + 1, Raw.Block((":method", "POST"))),
        ["requests that are reset with an increment of zero"] = i => [.. Raw.Request((2 * i) + 1), .. Raw.WindowUpdate((2 * i) + 1, 0)],
    };

    public static TheoryData<string> FloodNames => [.. Floods.Keys];

    [Theory]
    [MemberData(nameof(FloodNames))]
    public async Task PeerThatNeverReadsTheAnswersItCauses_LosesTheConnection(string name)
    {
        await using var server = await ConnectionUnderTest.ServerAsync(logger => new Http2Options
        {
            Logger = logger,
            MaxQueuedControlBytes = 8 * 1024,
            CloseTimeout = TimeSpan.FromMilliseconds(1),
        });

        // Twice what the transport and the queue hold.
        await server.Peer.SendUntilClosedAsync([.. Enumerable.Range(0, 20_000).Select(Floods[name])]);
        await server.ClosedAsync();
        Assert.Equal(Http2ErrorCode.EnhanceYourCalm, server.Connection.Loss!.ErrorCode);
        Assert.Contains(server.Messages, message => message.Contains("EnhanceYourCalm", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PeerThatReads_MayPingAsOftenAsItsAllowanceSays()
    {
        var clock = new FakeTimeProvider();
        await using var server = await ConnectionUnderTest.ServerAsync(
            logger => new Http2Options { Logger = logger, MaxQueuedControlBytes = 8 * 1024, MaxIdleFramesPerSecond = 1000, TimeProvider = clock });
        for (var i = 0; i < 100; i++)
        {
            await server.Peer.SendAsync([.. Enumerable.Range(0, 100).Select(ping => Raw.Ping((ulong)ping))]);
            Assert.Equal(100, (await server.Peer.FenceAsync()).Count);
            clock.Advance(TimeSpan.FromMilliseconds(101));
        }
    }

    [Fact]
    public async Task PeerThatNeverReads_MakesNoStreamsPileUpByResettingThem()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(
            logger => new Http2Options { Logger = logger, MaxConcurrentStreams = 10, CloseTimeout = TimeSpan.FromMilliseconds(1) },
            inner => new ProbeStream(inner),
            Raw.Settings((Raw.InitialWindowSize, 1 << 20)));
        await server.Peer.SendAsync(Raw.WindowUpdate(0, 1 << 20));
        await server.Peer.FenceAsync();

        // The output is full from here on.
        server.Probe!.BlockWrites();
        Assert.True((await server.AcceptAsync(1)).Send(RecordingStream.ResponseHeaders));
        await server.Probe.WriteBlockedAsync();
        Assert.True((await server.AcceptAsync(3)).Send(RecordingStream.ResponseHeaders, length: 600 * 1024));
        var streams = new List<WeakReference>();
        for (var id = 5; id < 1005; id += 2)
            streams.Add(await AnswerAndLoseAsync(server, id));

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.InRange(streams.Count(stream => stream.IsAlive), 0, 10);
        Assert.False(server.Connection.Closed.IsCompleted);
    }

    [Fact]
    public async Task PeerThatNeverReads_HasNoMoreOfAResponseInTheOutputThanItsBound()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(
            logger => new Http2Options { Logger = logger, CloseTimeout = RawPeer.Limit },
            inner => new ProbeStream(inner),
            Raw.Settings((Raw.InitialWindowSize, 1 << 24)));
        await server.Peer.SendAsync(Raw.WindowUpdate(0, 1 << 24));
        await server.Peer.FenceAsync();
        server.Probe!.BlockWrites();
        var sent = new List<Task>();
        for (var id = 1; id < 41; id += 2)
        {
            Assert.True((await server.AcceptAsync(id)).Send(out var done, RecordingStream.ResponseHeaders, length: 100 * 1024));
            sent.Add(done);
        }

        // Two buffers of 256 KiB, and what the last of each runs over.
        Assert.InRange(sent.Count(task => task.IsCompletedSuccessfully), 1, 6);
        var reading = server.Peer.ReadToEndAsync();
        server.Probe.LetWrites();
        await Task.WhenAll(sent).WaitAsync(RawPeer.Limit);
        await server.Connection.DisposeAsync().AsTask().WaitAsync(RawPeer.Limit);
        await reading;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> AnswerAndLoseAsync(ConnectionUnderTest server, int id)
    {
        var stream = await server.AcceptAsync(id);
        Assert.True(stream.Send(RecordingStream.ResponseHeaders, trailers: RecordingStream.EndHeaders));
        await server.Peer.SendAsync(Raw.Reset(id, Http2ErrorCode.Cancel));
        await stream.ExpectAsync("reset Cancel");
        return new WeakReference(stream);
    }
}
