using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Http2;

public sealed class SendingOrderTests
{
    private const int MiB = 1024 * 1024;

    [Fact]
    [Trait("RFC 9113", "5.1.1 Stream Identifiers")]
    public async Task StreamsOpenedWhileTheOutputIsFull_AreOpenedInTheOrderOfTheirNumbers()
    {
        await using var client = await StartClientAsync();
        var reading = client.Peer.ReadToEndAsync();
        client.Probe!.BlockWrites();
        Assert.True(new RecordingStream(client.Connection).Send(RecordingStream.RequestHeaders));
        await client.Probe.WriteBlockedAsync();
        Assert.True(new RecordingStream(client.Connection).Send(RecordingStream.RequestHeaders, length: 300 * 1024));

        // The output is full: 5 and 7 have to wait. When it has been taken, 9 finds it empty.
        Assert.True(new RecordingStream(client.Connection).Send(RecordingStream.RequestHeaders));
        var cancelled = new RecordingStream(client.Connection);
        Assert.True(cancelled.Send(RecordingStream.RequestHeaders));
        await client.Probe.LetOneWriteAsync();
        Assert.True(new RecordingStream(client.Connection).Send(RecordingStream.RequestHeaders));
        cancelled.Cancel();
        client.Probe.LetWrites();
        Assert.True(new RecordingStream(client.Connection).Send(out var sent, RecordingStream.RequestHeaders, length: 5, endStream: true));
        await sent.WaitAsync(RawPeer.Limit);
        await client.Connection.DisposeAsync().AsTask().WaitAsync(RawPeer.Limit);

        var seen = await reading;
        Assert.Equal([1, 3, 5, 9, 11], seen.Where(frame => frame.Type == RawFrame.Headers).Select(frame => frame.StreamId));
        Assert.DoesNotContain(seen, frame => frame.Type == RawFrame.Reset);
    }

    [Fact]
    public async Task LargeMessage_OnOneStream_KeepsNoSmallOneWaitingForItsEnd()
    {
        await using var client = await StartClientAsync();
        var reading = client.Peer.ReadToEndAsync();
        client.Probe!.BlockWrites();
        Assert.True(new RecordingStream(client.Connection).Send(out var large, RecordingStream.RequestHeaders, length: 8 * MiB, endStream: true));
        Assert.True(new RecordingStream(client.Connection).Send(out var small, RecordingStream.RequestHeaders, length: 100, endStream: true));
        await client.Probe.WriteBlockedAsync();
        client.Probe.LetWrites();
        await Task.WhenAll(large, small).WaitAsync(RawPeer.Limit);
        await client.Connection.DisposeAsync().AsTask().WaitAsync(RawPeer.Limit);

        var seen = await reading;
        var before = seen.TakeWhile(frame => frame.ToString() != "DATA 3 100 END").Where(frame => frame.Type == RawFrame.Data).Sum(frame => frame.Payload.Length);
        Assert.InRange(before, 1, MiB);
        Assert.Equal(8 * MiB, seen.Where(frame => frame is { Type: RawFrame.Data, StreamId: 1 }).Sum(frame => frame.Payload.Length));
    }

    [Fact]
    public async Task LargeMessages_OnSeveralStreams_TakeTurns()
    {
        await using var client = await StartClientAsync();
        var reading = client.Peer.ReadToEndAsync();
        client.Probe!.BlockWrites();
        var sent = new Task[3];
        for (var i = 0; i < sent.Length; i++)
            Assert.True(new RecordingStream(client.Connection).Send(out sent[i], RecordingStream.RequestHeaders, length: 2 * MiB, endStream: true));
        await client.Probe.WriteBlockedAsync();
        client.Probe.LetWrites();
        await Task.WhenAll(sent).WaitAsync(RawPeer.Limit);
        await client.Connection.DisposeAsync().AsTask().WaitAsync(RawPeer.Limit);

        // From the last stream's first frame on, each sends one frame of 16 KiB, until the first of them has ended.
        var data = (await reading).Where(frame => frame.Type == RawFrame.Data)
            .SkipWhile(frame => frame.StreamId != 5).TakeWhile(frame => !frame.Ends).Select(frame => frame.StreamId).ToList();
        Assert.True(data.Count > 100);
        for (var i = 3; i < data.Count; i++)
            Assert.Equal(data[i - 3], data[i]);
    }

    [Fact]
    public async Task SmallMessages_SentWhileAWriteIsUnderWay_LeaveInOne()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(probe: inner => new ProbeStream(inner));
        var stream = await server.AcceptAsync(1);
        server.Probe!.BlockWrites();
        Assert.True(stream.Send(RecordingStream.ResponseHeaders));
        await server.Probe.WriteBlockedAsync();
        var before = server.Probe.Writes;
        for (var i = 0; i < 1000; i++)
            Assert.True(stream.Send(length: 10));
        Assert.True(stream.Send(trailers: RecordingStream.EndHeaders));
        server.Probe.LetWrites();
        while (!(await server.Peer.NextAsync(RawFrame.Headers)).Ends)
        {
        }

        Assert.Equal(before + 1, server.Probe.Writes);
    }

    [Fact]
    public async Task ReadLoop_WhileAWriteIsBlocked_ReadsOn()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(probe: inner => new ProbeStream(inner));
        var stream = await server.AcceptAsync(1);
        server.Probe!.BlockWrites();
        Assert.True(stream.Send(RecordingStream.ResponseHeaders));
        await server.Probe.WriteBlockedAsync();
        await server.Peer.SendAsync(Raw.Ping(1), Raw.Data(1, 5, endStream: true));
        await stream.ExpectAsync("data 5", "end");
        await server.AcceptAsync(3);
        server.Probe.LetWrites();
        await server.Peer.ExpectNoComplaintAsync();
    }

    private static async Task<ConnectionUnderTest> StartClientAsync()
    {
        var client = await ConnectionUnderTest.ClientAsync(
            logger => new Http2Options { Logger = logger, CloseTimeout = RawPeer.Limit },
            inner => new ProbeStream(inner),
            Raw.Settings((Raw.InitialWindowSize, 16 * MiB)));
        await client.Peer.SendAsync(Raw.WindowUpdate(0, 16 * MiB));
        await client.Peer.FenceAsync();
        return client;
    }
}
