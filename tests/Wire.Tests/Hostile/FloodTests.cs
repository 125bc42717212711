using Microsoft.Extensions.Time.Testing;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Hostile;

/// <summary>Peers that send without end what moves nothing on, and read all that it causes. The clock stands still, so that nothing comes back.</summary>
[Trait("Hostile", "floods")]
public sealed class FloodTests
{
    private const int Limit = 1000;

    // Several times what any flood may cost, in its lightest coin.
    private const int Steps = 5 * Limit;

    public static TheoryData<string> OfEither => [.. Flood.OfEither.Keys];

    public static TheoryData<string> OfAClient => [.. Flood.OfAClient.Keys];

    [Theory]
    [MemberData(nameof(OfEither))]
    public async Task Client_ThatFloodsAndReads_IsToldToCalmDown(string flood)
    {
        await using var server = await ConnectionUnderTest.ServerAsync(Options);
        await server.AcceptAsync(1);
        await ExpectCalmAsync(server, Flood.OfEither[flood]);
    }

    [Theory]
    [MemberData(nameof(OfAClient))]
    public async Task Client_ThatFloodsWithRequestsAndReads_IsToldToCalmDown(string flood)
    {
        await using var server = await ConnectionUnderTest.ServerAsync(Options);
        await ExpectCalmAsync(server, Flood.OfAClient[flood]);
    }

    [Theory]
    [MemberData(nameof(OfEither))]
    public async Task Server_ThatFloodsAndReads_IsToldToCalmDown(string flood)
    {
        await using var client = await ConnectionUnderTest.ClientAsync(Options);
        await client.OpenAsync();
        await client.Peer.SendAsync(Raw.Response(1));
        await ExpectCalmAsync(client, Flood.OfEither[flood]);
    }

    [Fact]
    [Trait("Hostile", "rapid reset")]
    public async Task Streams_ThatArePartOfAFlood_AreEachToldOfTheirEndOnce()
    {
        var told = 0;
        var lost = 0;
        await using var server = await ConnectionUnderTest.ServerAsync(Options);
        server.Told = (_, line) =>
        {
            if (line.StartsWith("headers", StringComparison.Ordinal))
                Interlocked.Increment(ref told);
            else if (line.StartsWith("reset", StringComparison.Ordinal) || line.StartsWith("lost", StringComparison.Ordinal))
                Interlocked.Increment(ref lost);
        };
        await ExpectCalmAsync(server, Flood.OfAClient["made you reset by data after the end"]);
        await server.ClosedAsync();
        Assert.InRange(told, 1, Limit / FrameAllowance.Heavy);
        Assert.Equal(told, lost);
    }

    [Fact]
    public async Task PeerThatAnswersEachFrameOfOurs_IsNoFlood()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(Options);
        var stream = await server.AcceptAsync(1);
        Assert.True(stream.Send(out var sent, RecordingStream.ResponseHeaders));
        for (var i = 0; i < Limit; i++)
        {
            await sent.WaitAsync(RawPeer.Limit);
            Assert.True(stream.Send(out sent, length: 100));
            await server.Peer.NextAsync(RawFrame.Data);
            await server.Peer.SendAsync(Raw.WindowUpdate(0, 100), Raw.WindowUpdate(1, 100), Raw.Ping((ulong)i));
        }

        await server.Peer.ExpectNoComplaintAsync();
    }

    [Fact]
    public async Task ClientThatCancelsWhatIsAnswered_IsNoFlood()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(Options);
        server.Told = static (stream, line) =>
        {
            if (line.StartsWith("headers", StringComparison.Ordinal))
                stream.Send(RecordingStream.ResponseHeaders, length: 1);
        };
        for (var id = 1; id < 6 * Limit; id += 2)
        {
            await server.Peer.SendAsync(Raw.Request(id));
            await server.Peer.NextAsync(RawFrame.Data);
            await server.Peer.SendAsync(Raw.Reset(id, Http2ErrorCode.Cancel));
        }

        await server.Peer.ExpectNoComplaintAsync();
    }

    [Fact]
    public async Task EmptyDataThatEndsItsStream_IsNoFlood()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(Options);
        server.Told = static (stream, line) =>
        {
            if (line == "end")
                stream.Send(RecordingStream.ResponseHeaders, trailers: RecordingStream.EndHeaders);
        };
        for (var id = 1; id < 6 * Limit; id += 2)
        {
            await server.Peer.SendAsync(Raw.Request(id), Raw.Data(id, 0, endStream: true));
            await server.Peer.ExpectNoComplaintAsync();
        }
    }

    private static Http2Options Options(Microsoft.Extensions.Logging.ILogger logger) => new()
    {
        Logger = logger,
        TimeProvider = new FakeTimeProvider(),
        MaxConcurrentStreams = 100,
        MaxIdleFramesPerSecond = Limit,
    };

    private static async Task ExpectCalmAsync(ConnectionUnderTest connection, (Func<int, byte[]> Step, string Named) flood)
    {
        var ending = connection.Peer.ExpectGoAwayAsync(Http2ErrorCode.EnhanceYourCalm);
        await connection.Peer.SendUntilClosedAsync([.. Enumerable.Range(0, Steps).Select(flood.Step)]);
        var goAway = await ending;
        var reason = System.Text.Encoding.UTF8.GetString(goAway.Payload.AsSpan(8));
        Assert.Contains(flood.Named, reason, StringComparison.Ordinal);
        Assert.Contains("the limit is 1000", reason, StringComparison.Ordinal);
        await connection.ClosedAsync();
    }
}
