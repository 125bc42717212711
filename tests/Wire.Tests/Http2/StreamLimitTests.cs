using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Http2;

public sealed class StreamLimitTests
{
    [Fact]
    [Trait("RFC 9113", "5.1.2 Stream Concurrency")]
    public async Task Server_WhoseLimitIsReached_RefusesTheNextUntilOneHasEnded()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(logger => new Http2Options { Logger = logger, MaxConcurrentStreams = 2 });
        await server.AcceptAsync(1);
        var second = await server.AcceptAsync(3, endStream: true);
        await server.Peer.SendAsync(Raw.Request(5));
        await server.Peer.ExpectResetAsync(5, Http2ErrorCode.RefusedStream);
        Assert.False(server.HasAccepted);
        Assert.True(second.Send(RecordingStream.ResponseHeaders, endStream: true));
        await server.AcceptAsync(7);
        await server.Peer.SendAsync(Raw.Request(9));
        await server.Peer.ExpectResetAsync(9, Http2ErrorCode.RefusedStream);
        await server.Peer.SendAsync(Raw.Reset(1, Http2ErrorCode.Cancel));
        await server.AcceptAsync(11);
    }

    [Fact]
    [Trait("RFC 9113", "5.1.2 Stream Concurrency")]
    public async Task Client_WhoseServersLimitIsReached_WaitsInOrderAndSaysSo()
    {
        await using var client = await ConnectionUnderTest.ClientAsync(settings: Raw.Settings((Raw.MaxConcurrentStreams, 1)));
        await client.OpenAsync(endStream: true);
        var waiting = new[] { new RecordingStream(client.Connection), new RecordingStream(client.Connection), new RecordingStream(client.Connection) };
        foreach (var stream in waiting)
            Assert.True(stream.Send(RecordingStream.RequestHeaders, length: 5, endStream: true));
        Assert.Empty(await client.Peer.FenceAsync());
        Assert.Contains(client.Messages, message => message.Contains("allows 1 concurrent streams", StringComparison.Ordinal) && message.Contains("3 wait", StringComparison.Ordinal));

        await client.Peer.SendAsync(Raw.Response(1, endStream: true));
        Assert.Equal(["HEADERS 3", "DATA 3 5 END"], (await client.Peer.FenceAsync()).Select(frame => frame.ToString()));
        Assert.Equal([3, 0, 0], waiting.Select(stream => stream.Id));
        await client.Peer.SendAsync(Raw.Settings((Raw.MaxConcurrentStreams, 2)));
        Assert.Equal(["SETTINGS ACK", "HEADERS 5", "DATA 5 5 END"], (await client.Peer.FenceAsync()).Select(frame => frame.ToString()));
        await client.Peer.SendAsync(Raw.Reset(3, Http2ErrorCode.RefusedStream));
        Assert.Equal(["HEADERS 7", "DATA 7 5 END"], (await client.Peer.FenceAsync()).Select(frame => frame.ToString()));
    }

    [Fact]
    [Trait("RFC 9113", "5.1.2 Stream Concurrency")]
    public async Task WaitingStream_ThatIsCancelled_LeavesNothingBehind()
    {
        await using var client = await ConnectionUnderTest.ClientAsync(settings: Raw.Settings((Raw.MaxConcurrentStreams, 0)));
        var cancelled = new RecordingStream(client.Connection);
        var other = new RecordingStream(client.Connection);
        Assert.True(cancelled.Send(out var sent, RecordingStream.RequestHeaders, length: 5, endStream: true));
        Assert.True(other.Send(RecordingStream.RequestHeaders, endStream: true));
        cancelled.Cancel();
        await Assert.ThrowsAsync<Http2StreamClosedException>(() => sent.WaitAsync(RawPeer.Limit));
        await client.Peer.SendAsync(Raw.Settings((Raw.MaxConcurrentStreams, 5)));
        Assert.Equal(["SETTINGS ACK", "HEADERS 1 END"], (await client.Peer.FenceAsync()).Select(frame => frame.ToString()));
        Assert.Equal(1, other.Id);
    }

    [Fact]
    [Trait("RFC 9113", "5.1.2 Stream Concurrency")]
    public async Task Client_WhoseServerLowersTheLimitBelowWhatIsOpen_KeepsThoseAndOpensNoMore()
    {
        await using var client = await ConnectionUnderTest.ClientAsync();
        await client.OpenAsync();
        await client.OpenAsync();
        await client.Peer.SendAsync(Raw.Settings((Raw.MaxConcurrentStreams, 1)));
        await client.Peer.FenceAsync();
        Assert.True(new RecordingStream(client.Connection).Send(RecordingStream.RequestHeaders));
        await client.Peer.SendAsync(Raw.Reset(1, Http2ErrorCode.Cancel));
        Assert.Empty(await client.Peer.FenceAsync());
        await client.Peer.SendAsync(Raw.Reset(3, Http2ErrorCode.Cancel));
        Assert.Equal(["HEADERS 5"], (await client.Peer.FenceAsync()).Select(frame => frame.ToString()));
    }

    [Fact]
    [Trait("RFC 9113", "5.1.2 Stream Concurrency")]
    public async Task Client_WithTooManyWaiting_RefusesTheNextAtOnce()
    {
        await using var client = await ConnectionUnderTest.ClientAsync(
            logger => new Http2Options { Logger = logger, MaxWaitingStreams = 1 }, settings: Raw.Settings((Raw.MaxConcurrentStreams, 0)));
        Assert.True(new RecordingStream(client.Connection).Send(RecordingStream.RequestHeaders));
        Assert.False(new RecordingStream(client.Connection).Send(out var sent, RecordingStream.RequestHeaders, length: 5));
        Assert.True(sent.IsCompleted);
    }

    [Fact]
    [Trait("RFC 9113", "5.1.1 Stream Identifiers")]
    public async Task Client_WhoseNumbersRunOut_EndsItsOpenStreamsTellsTheOthersAndCloses()
    {
        await using var client = await ConnectionUnderTest.ClientAsync(
            logger => new Http2Options { Logger = logger, FirstStreamId = int.MaxValue - 4 }, settings: Raw.Settings((Raw.MaxConcurrentStreams, 2)));
        var first = await client.OpenAsync(endStream: true);
        var second = await client.OpenAsync(endStream: true);
        var last = new RecordingStream(client.Connection);
        Assert.True(last.Send(RecordingStream.RequestHeaders, endStream: true));
        var waiting = new RecordingStream(client.Connection);
        Assert.True(waiting.Send(RecordingStream.RequestHeaders, length: 3, endStream: true));

        await client.Peer.SendAsync(Raw.Response(first.Id, endStream: true));
        await first.ExpectAsync("end :status=200");
        Assert.Equal(int.MaxValue, (await client.Peer.NextAsync(RawFrame.Headers)).StreamId);
        await waiting.ExpectAsync("lost NoError not processed");
        Assert.NotNull(client.Connection.Loss);
        Assert.False(new RecordingStream(client.Connection).Send(RecordingStream.RequestHeaders));
        await client.Peer.SendAsync(Raw.Response(last.Id, endStream: true), Raw.Response(second.Id, endStream: true));
        await last.ExpectAsync("end :status=200");
        await second.ExpectAsync("end :status=200");
        await client.ClosedAsync();
    }
}
