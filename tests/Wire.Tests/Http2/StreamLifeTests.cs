using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Http2;

[Trait("RFC 9113", "5.1 Stream States")]
public sealed class StreamLifeTests
{
    [Fact]
    public async Task Data_OnAnIdleStream_EndsTheConnection()
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        await server.Peer.SendAsync(Raw.Data(1, 1));
        await server.Peer.ExpectGoAwayAsync(Http2ErrorCode.ProtocolError);
    }

    [Fact]
    public async Task Data_OnAStreamThatThePeerHasEnded_IsAStreamErrorOfStreamClosed()
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        var stream = await server.AcceptAsync(1, endStream: true);
        await server.Peer.SendAsync(Raw.Data(1, 1));
        await server.Peer.ExpectResetAsync(1, Http2ErrorCode.StreamClosed);
        await stream.ExpectAsync("reset StreamClosed");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Headers_OnAStreamThatThePeerHasEnded_AreAStreamErrorOfStreamClosed(bool endStream)
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        var stream = await server.AcceptAsync(1, endStream: true);
        await server.Peer.SendAsync(Raw.Headers(1, Raw.Block(("a", "b")), endStream));
        await server.Peer.ExpectResetAsync(1, Http2ErrorCode.StreamClosed);
        await stream.ExpectAsync("reset StreamClosed");
    }

    [Fact]
    public async Task WindowUpdateAndReset_OnAStreamThatBothSidesHaveEnded_ArePassedOver()
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        var stream = await server.AcceptAsync(1, endStream: true);
        Assert.True(stream.Send(RecordingStream.ResponseHeaders, trailers: RecordingStream.EndHeaders));
        await server.Peer.SendAsync(Raw.WindowUpdate(1, 5), Raw.WindowUpdate(1, 0), Raw.Reset(1, Http2ErrorCode.Cancel), Raw.Frame(RawFrame.Priority, 0, 1, new byte[5]));
        await server.Peer.ExpectNoComplaintAsync();
        Assert.Empty(stream.Rest());
    }

    [Fact]
    public async Task Data_OnAStreamThatThePeerHasReset_IsAStreamErrorOnce()
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        var stream = await server.AcceptAsync(1);
        await server.Peer.SendAsync(Raw.Reset(1, Http2ErrorCode.Cancel), Raw.Data(1, 1), Raw.Data(1, 1));
        await server.Peer.ExpectResetAsync(1, Http2ErrorCode.StreamClosed);
        await stream.ExpectAsync("reset Cancel");
        Assert.Empty(stream.Rest());
    }

    [Fact]
    public async Task Data_OnAStreamThatHasEndedLongAgo_IsAStreamError()
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        for (var id = 1; id <= 131; id += 2)
        {
            var stream = await server.AcceptAsync(id, endStream: true);
            Assert.True(stream.Send(RecordingStream.ResponseHeaders, endStream: true));
        }

        await server.Peer.FenceAsync();
        await server.Peer.SendAsync(Raw.Data(1, 1));
        await server.Peer.ExpectResetAsync(1, Http2ErrorCode.StreamClosed);
        await server.Peer.SendUntilClosedAsync(Raw.Data(131, 1));
        await server.Peer.ExpectGoAwayAsync(Http2ErrorCode.StreamClosed);
    }

    [Fact]
    public async Task WhatWasUnderWay_WhenWeReset_IsPassedOverButCountsForTheConnection()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(logger => new Http2Options { Logger = logger, ConnectionWindow = 65_535 });
        var stream = await server.AcceptAsync(1);
        stream.Cancel();
        await server.Peer.SendAsync(
            Raw.Data(1, 30_000), Raw.Data(1, 10_000), Raw.WindowUpdate(1, 1), Raw.Headers(1, Raw.Block(("a", "b")), endStream: true));
        var seen = await server.Peer.FenceAsync();
        Assert.Equal(["RST_STREAM 1 Cancel", "WINDOW_UPDATE 0 +40000"], seen.Select(frame => frame.ToString()));
        Assert.Empty(stream.Rest());
    }

    [Fact]
    public async Task DataOfARefusedStream_IsNotAnsweredFrameByFrame()
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        server.Refuses = true;
        await server.Peer.SendAsync([Raw.Request(1), .. Enumerable.Repeat(Raw.Data(1, 1), 1000), Raw.Trailers(1)]);
        await server.Peer.ExpectResetAsync(1, Http2ErrorCode.RefusedStream);
    }

    [Fact]
    public async Task Response_OnAStreamThatWeHaveCancelled_IsPassedOver()
    {
        await using var client = await ConnectionUnderTest.ClientAsync();
        var stream = await client.OpenAsync();
        stream.Cancel();
        await client.Peer.SendAsync(Raw.Response(1), Raw.Data(1, 100), Raw.Trailers(1));
        await client.Peer.ExpectResetAsync(1, Http2ErrorCode.Cancel);
        Assert.Empty(stream.Rest());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PeersReset_OpenOrHalfClosed_EndsTheStreamAndWhatItStillHadToSend(bool endStream)
    {
        await using var server = await ConnectionUnderTest.ServerAsync(settings: Raw.Settings((Raw.InitialWindowSize, 10)));
        var stream = await server.AcceptAsync(1, endStream);
        Assert.True(stream.Send(out var sent, RecordingStream.ResponseHeaders, length: 100, trailers: RecordingStream.EndHeaders));
        await server.Peer.SendAsync(Raw.Reset(1, Http2ErrorCode.Cancel), Raw.WindowUpdate(1, 1000), Raw.Settings((Raw.InitialWindowSize, 1000)));
        await stream.ExpectAsync("reset Cancel");
        await Assert.ThrowsAsync<Http2StreamClosedException>(() => sent.WaitAsync(RawPeer.Limit));
        Assert.False(stream.Send(length: 1));
        var seen = await server.Peer.FenceAsync();
        Assert.Equal(["HEADERS 1", "DATA 1 10", "SETTINGS ACK"], seen.Select(frame => frame.ToString()));
    }

    [Fact]
    public async Task OurReset_WithDataWaiting_DropsItAndSaysSoOnce()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(settings: Raw.Settings((Raw.InitialWindowSize, 10)));
        var stream = await server.AcceptAsync(1);
        Assert.True(stream.Send(out var sent, RecordingStream.ResponseHeaders, length: 100));
        stream.Cancel(Http2ErrorCode.InternalError);
        stream.Cancel();
        await Assert.ThrowsAsync<Http2StreamClosedException>(() => sent.WaitAsync(RawPeer.Limit));
        await server.Peer.SendAsync(Raw.WindowUpdate(1, 1000));
        await server.Peer.ExpectResetAsync(1, Http2ErrorCode.InternalError);
    }

    [Fact]
    [Trait("RFC 9113", "8.1 HTTP Message Framing")]
    public async Task ServersAnswer_BeforeTheRequestHasEnded_IsFollowedByAResetWithNoError()
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        var stream = await server.AcceptAsync(1);
        Assert.True(stream.Send(RecordingStream.ResponseHeaders, length: 5, trailers: RecordingStream.EndHeaders));
        await server.Peer.SendAsync([.. Enumerable.Repeat(Raw.Data(1, 1), 100)]);
        var seen = await server.Peer.FenceAsync();
        Assert.Equal(["HEADERS 1", "DATA 1 5", "HEADERS 1 END", "RST_STREAM 1 NoError"], seen.Select(frame => frame.ToString()));
    }

    [Fact]
    public async Task Send_AfterTheEnd_IsRefusedAndNothingLeaves()
    {
        await using var client = await ConnectionUnderTest.ClientAsync();
        var stream = await client.OpenAsync();
        Assert.True(stream.Send(length: 3, endStream: true));
        Assert.False(stream.Send(length: 3));
        Assert.False(stream.Send(endStream: true));
        Assert.Equal(["DATA 1 3 END"], (await client.Peer.FenceAsync()).Select(frame => frame.ToString()));
        await client.Peer.SendAsync(Raw.Response(1), Raw.Trailers(1));
        await stream.ExpectAsync("headers :status=200", "end grpc-status=0");
    }

    [Fact]
    public async Task Send_OfASecondMessageBeforeTheFirstIsOnItsWay_Throws()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(settings: Raw.Settings((Raw.InitialWindowSize, 10)));
        var stream = await server.AcceptAsync(1);
        Assert.True(stream.Send(out var sent, RecordingStream.ResponseHeaders, length: 11));
        Assert.Throws<InvalidOperationException>(() => stream.Send(length: 1));
        await server.Peer.SendAsync(Raw.WindowUpdate(1, 1));
        await sent.WaitAsync(RawPeer.Limit);
    }

    [Fact]
    public async Task EndStream_OnAnEmptyFrame_IsTheEndOfTheStream()
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        var stream = await server.AcceptAsync(1);
        await server.Peer.SendAsync(Raw.Data(1, 5), Raw.Data(1, 0, endStream: true));
        await stream.ExpectAsync("data 5", "end");
        Assert.True(stream.Send(RecordingStream.ResponseHeaders));
        Assert.True(stream.Send(endStream: true));
        Assert.Equal(["HEADERS 1", "DATA 1 0 END"], (await server.Peer.FenceAsync()).Select(frame => frame.ToString()));
    }

    [Fact]
    public async Task WhatThePeerSaysOfAStreamWhoseHeadersHaveNotLeft_EndsTheConnection()
    {
        await using var client = await ConnectionUnderTest.ClientAsync(
            logger => new Http2Options { Logger = logger, CloseTimeout = TimeSpan.FromMilliseconds(1) },
            inner => new ProbeStream(inner),
            Raw.Settings((Raw.InitialWindowSize, 1 << 20)));
        await client.Peer.SendAsync(Raw.WindowUpdate(0, 1 << 20));
        await client.Peer.FenceAsync();
        client.Probe!.BlockWrites();
        Assert.True(new RecordingStream(client.Connection).Send(RecordingStream.RequestHeaders));
        await client.Probe.WriteBlockedAsync();
        Assert.True(new RecordingStream(client.Connection).Send(RecordingStream.RequestHeaders, length: 300 * 1024));

        // The output is full: the third has a number and nothing of it has left.
        var third = new RecordingStream(client.Connection);
        Assert.True(third.Send(RecordingStream.RequestHeaders));
        Assert.Equal(5, third.Id);
        await client.Peer.SendAsync(Raw.Response(5));
        await third.ExpectAsync("lost ProtocolError");
    }
}
