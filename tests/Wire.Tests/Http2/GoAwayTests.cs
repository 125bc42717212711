using Microsoft.Extensions.Time.Testing;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Http2;

[Trait("RFC 9113", "6.8 GOAWAY")]
public sealed class GoAwayTests
{
    [Fact]
    public async Task PeersGoAway_EndsTheStreamsItHasNotLookedAtAndLetsTheOthersFinish()
    {
        await using var client = await ConnectionUnderTest.ClientAsync(settings: Raw.Settings((Raw.MaxConcurrentStreams, 2)));
        var seen = await client.OpenAsync(endStream: true);
        var unseen = await client.OpenAsync(endStream: true);
        var waiting = new RecordingStream(client.Connection);
        Assert.True(waiting.Send(RecordingStream.RequestHeaders));
        await client.Peer.SendAsync(Raw.GoAway(1, Http2ErrorCode.NoError));
        await unseen.ExpectAsync("lost NoError not processed");
        await waiting.ExpectAsync("lost NoError not processed");
        Assert.False(new RecordingStream(client.Connection).Send(RecordingStream.RequestHeaders));
        Assert.True(client.Connection.Loss!.NotProcessed);

        await client.Peer.SendAsync(Raw.Response(1), Raw.Data(1, 3));
        await seen.ExpectAsync("headers :status=200", "data 3");
        await client.Peer.SendAsync(Raw.Trailers(1));
        await seen.ExpectAsync("end grpc-status=0");
        await client.ClosedAsync();
        Assert.Empty(unseen.Rest());
        Assert.DoesNotContain(await client.Peer.ReadToEndAsync(), frame => frame.Type == RawFrame.Reset);
    }

    [Fact]
    public async Task PeersGoAway_WithNothingOpen_ClosesTheConnection()
    {
        await using var client = await ConnectionUnderTest.ClientAsync();
        await client.Peer.SendAsync(Raw.GoAway(0, Http2ErrorCode.NoError));
        await client.Peer.ExpectGoAwayAsync(Http2ErrorCode.NoError);
        await client.ClosedAsync();
    }

    [Fact]
    public async Task PeersGoAway_InTwoSteps_CountsTheSecondToo()
    {
        await using var client = await ConnectionUnderTest.ClientAsync();
        var first = await client.OpenAsync();
        var second = await client.OpenAsync();
        await client.Peer.SendAsync(Raw.GoAway(int.MaxValue, Http2ErrorCode.NoError));
        await client.Peer.FenceAsync();
        Assert.Empty(second.Rest());
        await client.Peer.SendAsync(Raw.GoAway(1, Http2ErrorCode.NoError));
        await second.ExpectAsync("lost NoError not processed");
        Assert.True(first.Send(length: 5));
        Assert.Equal("DATA 1 5", (await client.Peer.NextAsync(RawFrame.Data)).ToString());
    }

    [Fact]
    public async Task PeersGoAway_WithAnError_IsLoggedWithWhatItSaid()
    {
        await using var client = await ConnectionUnderTest.ClientAsync();
        var stream = await client.OpenAsync();
        await client.Peer.SendAsync(Raw.GoAway(0, Http2ErrorCode.EnhanceYourCalm, "too_many_pings"));
        await stream.ExpectAsync("lost EnhanceYourCalm not processed");
        Assert.Contains(client.Messages, message => message.Contains("too_many_pings", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PeersGoAway_WithAnUnknownError_EndsTheConnectionAsAnyOther()
    {
        await using var client = await ConnectionUnderTest.ClientAsync();
        var stream = await client.OpenAsync();
        await client.Peer.SendAsync(Raw.GoAway(0, (Http2ErrorCode)0xdeadbeef));
        await stream.ExpectAsync("lost 3735928559 not processed");
        await client.ClosedAsync();
    }

    [Fact]
    public async Task PeersWord_OnAStreamItSaidItHadNotLookedAt_IsDropped()
    {
        await using var client = await ConnectionUnderTest.ClientAsync();
        await client.OpenAsync();
        var second = await client.OpenAsync();
        await client.Peer.SendAsync(Raw.GoAway(1, Http2ErrorCode.NoError), Raw.Response(3), Raw.Data(3, 5), Raw.Reset(3, Http2ErrorCode.RefusedStream));
        await second.ExpectAsync("lost NoError not processed");
        await client.Peer.ExpectNoComplaintAsync();
        Assert.Empty(second.Rest());
    }

    [Fact]
    public async Task PeersGoAway_WithTerminalEscapesInItsText_IsLoggedWithoutThem()
    {
        await using var client = await ConnectionUnderTest.ClientAsync();
        var stream = await client.OpenAsync();
        await client.Peer.SendAsync(Raw.GoAway(0, Http2ErrorCode.EnhanceYourCalm, "\u001b[2Jgone\r\n"));
        await stream.ExpectAsync("lost EnhanceYourCalm not processed");
        Assert.Contains(client.Messages, message => message.Contains("?[2Jgone??", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ClientsGoAway_ForbidsTheServerToOpenStreamsNotTheClient()
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        await server.AcceptAsync(1);
        await server.Peer.SendAsync(Raw.GoAway(0, Http2ErrorCode.NoError));
        await server.AcceptAsync(3);
        await server.Peer.ExpectNoComplaintAsync();
    }

    [Fact]
    public async Task Shutdown_OfAServer_LetsOpenStreamsFinishAndRefusesNewOnes()
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        var stream = await server.AcceptAsync(1, endStream: true);
        var shutdown = server.Connection.ShutdownAsync(CancellationToken.None);
        await AcknowledgeLeaveAsync(server);
        Assert.Equal("GOAWAY 1 NoError", (await server.Peer.NextAsync(RawFrame.GoAway)).ToString());
        await server.Peer.SendAsync(Raw.Request(3));
        await server.Peer.ExpectResetAsync(3, Http2ErrorCode.RefusedStream);
        Assert.False(shutdown.IsCompleted);
        Assert.True(stream.Send(RecordingStream.ResponseHeaders, length: 5, trailers: RecordingStream.EndHeaders));
        var rest = (await server.Peer.ReadToEndAsync()).Select(frame => frame.ToString());

        // The last GOAWAY names no stream that the first did not: the peer may have sent the others elsewhere by now.
        Assert.Equal(["HEADERS 1", "DATA 1 5", "HEADERS 1 END", "GOAWAY 1 NoError"], rest);
        await shutdown.WaitAsync(RawPeer.Limit);
        Assert.Empty(stream.Rest());
    }

    [Fact]
    [Trait("Liveness", "two-step GOAWAY")]
    public async Task Shutdown_OfAServer_TakesTheStreamsThatWereOnTheirWay()
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        var shutdown = server.Connection.ShutdownAsync(CancellationToken.None);
        Assert.Equal($"GOAWAY {int.MaxValue} NoError", (await server.Peer.NextAsync(RawFrame.GoAway)).ToString());
        var ping = await server.Peer.NextAsync(RawFrame.Ping);

        // Sent before the client knew.
        var stream = await server.AcceptAsync(1, endStream: true);
        await server.Peer.SendAsync(Raw.Frame(RawFrame.Ping, RawFrame.Ack, 0, ping.Payload));
        Assert.Equal("GOAWAY 1 NoError", (await server.Peer.NextAsync(RawFrame.GoAway)).ToString());
        Assert.False(shutdown.IsCompleted);
        Assert.True(stream.Send(RecordingStream.ResponseHeaders, trailers: RecordingStream.EndHeaders));
        Assert.Equal(["HEADERS 1", "HEADERS 1 END", "GOAWAY 1 NoError"], (await server.Peer.ReadToEndAsync()).Select(frame => frame.ToString()));
        await shutdown.WaitAsync(RawPeer.Limit);
    }

    [Fact]
    [Trait("Liveness", "two-step GOAWAY")]
    public async Task Shutdown_WhoseClientAcknowledgesNothing_TakesStreamsNoLongerThanTheTimeout()
    {
        var clock = new FakeTimeProvider();
        await using var server = await ConnectionUnderTest.ServerAsync(
            logger => new Http2Options { Logger = logger, TimeProvider = clock, GoAwayTimeout = TimeSpan.FromSeconds(3) });
        var shutdown = server.Connection.ShutdownAsync(CancellationToken.None);
        await server.Peer.NextAsync(RawFrame.Ping);
        clock.Advance(TimeSpan.FromSeconds(3) - TimeSpan.FromMilliseconds(1));
        await server.Peer.FenceAsync();
        Assert.False(shutdown.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await server.Peer.ExpectGoAwayAsync(Http2ErrorCode.NoError);
        await shutdown.WaitAsync(RawPeer.Limit);
    }

    [Fact]
    public async Task Shutdown_WhosePatienceEnds_AbortsWhatIsOpen()
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        var stream = await server.AcceptAsync(1);
        using var patience = new CancellationTokenSource();
        var shutdown = server.Connection.ShutdownAsync(patience.Token);
        await server.Peer.NextAsync(RawFrame.GoAway);
        await patience.CancelAsync();
        await shutdown.WaitAsync(RawPeer.Limit);
        await stream.ExpectAsync("lost NoError");
        await server.Peer.ExpectGoAwayAsync(Http2ErrorCode.NoError);
    }

    [Fact]
    public async Task Shutdown_OfAClient_RefusesWaitingStreamsAndEndsBehindTheLastOpenOne()
    {
        await using var client = await ConnectionUnderTest.ClientAsync(settings: Raw.Settings((Raw.MaxConcurrentStreams, 1)));
        var open = await client.OpenAsync(endStream: true);
        var waiting = new RecordingStream(client.Connection);
        Assert.True(waiting.Send(RecordingStream.RequestHeaders));
        var shutdown = client.Connection.ShutdownAsync(CancellationToken.None);
        await waiting.ExpectAsync("lost NoError not processed");
        Assert.Equal("GOAWAY 0 NoError", (await client.Peer.NextAsync(RawFrame.GoAway)).ToString());
        Assert.False(new RecordingStream(client.Connection).Send(RecordingStream.RequestHeaders));
        await client.Peer.SendAsync(Raw.Response(1, endStream: true));
        await open.ExpectAsync("end :status=200");
        await shutdown.WaitAsync(RawPeer.Limit);
    }

    [Fact]
    public async Task Shutdown_WhileAStreamIsBeingAccepted_RefusesItInsteadOfAbandoningIt()
    {
        var clock = new FakeTimeProvider();
        await using var server = await ConnectionUnderTest.ServerAsync(logger => new Http2Options { Logger = logger, TimeProvider = clock });
        Task? shutdown = null;
        server.Accepting = () =>
        {
            shutdown = server.Connection.ShutdownAsync(CancellationToken.None);
            clock.Advance(TimeSpan.FromSeconds(1));
        };
        await server.Peer.SendAsync(Raw.Request(1));
        var seen = (await server.Peer.ReadToEndAsync()).Select(frame => frame.ToString()).ToList();
        Assert.Contains("RST_STREAM 1 RefusedStream", seen);
        await shutdown!.WaitAsync(RawPeer.Limit);
        Assert.Empty((await server.AcceptedAsync()).Rest());
    }

    [Fact]
    public async Task Shutdown_WithAnAnswerStillOnItsWay_WaitsForItToLeave()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(
            logger => new Http2Options { Logger = logger, CloseTimeout = TimeSpan.Zero }, inner => new ProbeStream(inner));
        var stream = await server.AcceptAsync(1, endStream: true);
        server.Probe!.BlockWrites();
        Assert.True(stream.Send(RecordingStream.ResponseHeaders, length: 5, endStream: true));
        await server.Probe.WriteBlockedAsync();
        var shutdown = server.Connection.ShutdownAsync(CancellationToken.None);
        Assert.False(shutdown.IsCompleted);
        server.Probe.LetWrites();
        await server.Peer.SendAsync(LeaveAck);
        await shutdown.WaitAsync(RawPeer.Limit);
        var seen = (await server.Peer.ReadToEndAsync()).Select(frame => frame.ToString());
        Assert.Equal(["HEADERS 1", "DATA 1 5 END"], seen.Take(2));
    }

    [Fact]
    public async Task ReasonOfAnEnd_LongerThanFits_IsCutNotLeftOut()
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        server.Connection.Abort(new ConnectionLoss(new string('\u00e9', 200), Http2ErrorCode.InternalError));
        var goAway = await server.Peer.ExpectGoAwayAsync(Http2ErrorCode.InternalError);
        Assert.InRange(goAway.Payload.Length - 8, 200, 256);
    }

    // What the server's PING says is its own affair; what it said once it says always.
    private static readonly byte[] LeaveAck = Raw.Ping(0x4c45_4156_4500_0001, ack: true);

    private static async Task AcknowledgeLeaveAsync(ConnectionUnderTest server)
    {
        Assert.Equal($"GOAWAY {int.MaxValue} NoError", (await server.Peer.NextAsync(RawFrame.GoAway)).ToString());
        Assert.Equal(LeaveAck[9..], (await server.Peer.NextAsync(RawFrame.Ping)).Payload);
        await server.Peer.SendAsync(LeaveAck);
    }
}
