using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Hostile;

[Trait("Liveness", "10,000 open streams")]
public sealed class ManyStreamsTests
{
    private const int Count = 10_000;

    [Fact]
    public async Task TenThousandStreams_ThatWaitForTheConnectionsWindow_AreServedInTurnAsItOpens()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(logger => new Http2Options { Logger = logger, MaxConcurrentStreams = Count });
        var all = await OpenAllAsync(server);

        // The window holds 65,535 bytes: 655 answers and a part of one.
        foreach (var stream in all)
            Assert.True(stream.Send(RecordingStream.ResponseHeaders, length: 100, trailers: RecordingStream.EndHeaders));
        var served = Tally(await server.Peer.FenceAsync());
        Assert.Equal(65_535, served.Bytes);

        // A peer that opens it byte by byte moves one stream with each.
        for (var i = 0; i < 100; i++)
        {
            await server.Peer.SendAsync(Raw.WindowUpdate(0, 1));
            Assert.Single((await server.Peer.NextAsync(RawFrame.Data)).Payload);
        }

        await server.Peer.SendAsync(Raw.WindowUpdate(0, (100 * Count) - 65_535 - 100));
        var ended = served.Ended;
        while (ended < Count)
            ended += await server.Peer.ReadAsync() is { Type: RawFrame.Headers, Ends: true } ? 1 : 0;
        Assert.Equal(Count, ended);
        Assert.DoesNotContain(await server.Peer.FenceAsync(), frame => frame.Type == RawFrame.GoAway);
    }

    [Fact]
    [Trait("Liveness", "fairness")]
    public async Task ControlFrames_WithTenThousandStreamsBlocked_AreNotQueuedBehindThem()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(logger => new Http2Options { Logger = logger, MaxConcurrentStreams = Count + 1 });
        foreach (var stream in await OpenAllAsync(server))
            Assert.True(stream.Send(RecordingStream.ResponseHeaders, length: 100));
        await server.Peer.FenceAsync();
        Assert.Empty(await server.Peer.FenceAsync());

        // Nor are headers, which need no window.
        var last = await server.AcceptAsync((2 * Count) + 1);
        Assert.True(last.Send(RecordingStream.ResponseHeaders, trailers: RecordingStream.EndHeaders));
        Assert.Contains(await server.Peer.FenceAsync(), frame => frame is { Type: RawFrame.Headers, Ends: true } && frame.StreamId == last.Id);
    }

    [Fact]
    [Trait("Liveness", "fairness")]
    public async Task StreamAtFullSpeed_LetsTheOthersHaveTheirTurns()
    {
        const int Large = 1 << 20;
        await using var server = await ConnectionUnderTest.ServerAsync(settings: Raw.Settings((Raw.InitialWindowSize, 1 << 24)));
        var greedy = await server.AcceptAsync(1);
        var modest = await server.AcceptAsync(3);
        Assert.True(greedy.Send(RecordingStream.ResponseHeaders, length: Large));
        Assert.True(modest.Send(RecordingStream.ResponseHeaders, length: 1000, trailers: RecordingStream.EndHeaders));
        await server.Peer.SendAsync(Raw.WindowUpdate(0, 1 << 24));

        // What is in the output before it is the output's own bound, twice, and not the rest of the message.
        var before = 0;
        while (await server.Peer.ReadAsync() is { } frame && !(frame.StreamId == 3 && frame.Ends))
            before += frame is { Type: RawFrame.Data, StreamId: 1 } ? frame.Payload.Length : 0;
        Assert.InRange(before, 1, Large - 1);
    }

    [Fact]
    [Trait("Liveness", "windows full both ways")]
    public async Task WindowsFullBothWays_OpenAgainWhenEitherSideReads()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(logger => new Http2Options { Logger = logger, StreamWindow = 65_535 });
        server.StreamsRead = false;
        var stream = await server.AcceptAsync(1);
        Assert.True(stream.Send(out var sent, RecordingStream.ResponseHeaders, length: 100_000));
        await server.Peer.SendAsync([.. Enumerable.Repeat(Raw.Data(1, 13_107), 5)]);
        await server.Peer.FenceAsync();
        Assert.False(sent.IsCompleted);

        // Neither may send a byte more; both still hear each other.
        stream.ReadKept();
        Assert.Equal("WINDOW_UPDATE 1 +65535", (await server.Peer.NextAsync(RawFrame.WindowUpdate)).ToString());
        await server.Peer.SendAsync(Raw.WindowUpdate(0, 50_000), Raw.WindowUpdate(1, 50_000));
        await sent.WaitAsync(RawPeer.Limit);
        await server.Peer.ExpectNoComplaintAsync();
    }

    private static async Task<List<RecordingStream>> OpenAllAsync(ConnectionUnderTest server)
    {
        var all = new List<RecordingStream>();
        for (var i = 0; i < Count; i += 100)
        {
            await server.Peer.SendAsync([.. Enumerable.Range(i, 100).Select(number => Raw.Request((2 * number) + 1))]);
            for (var j = 0; j < 100; j++)
                all.Add(await server.AcceptedAsync());
        }

        await server.Peer.FenceAsync();
        return all;
    }

    private static (int Bytes, int Ended) Tally(List<RawFrame> frames) =>
        (frames.Where(frame => frame.Type == RawFrame.Data).Sum(frame => frame.Payload.Length), frames.Count(frame => frame is { Type: RawFrame.Headers, Ends: true }));
}
