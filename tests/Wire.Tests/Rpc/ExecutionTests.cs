using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>Of each failed call the client knows what ended it, and whether the server can have executed it. The server is the test, frame by frame.</summary>
public sealed class ExecutionTests
{
    private static readonly TimeSpan Time = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task CallThatIsOverBeforeItsStart_HasNotBeenSent(MethodType kind)
    {
        await using var server = await FrameServer.StartAsync();
        var before = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(-1);
        var tooMuch = new Metadata { { "much", new string('x', 20_000) } };

        await AssertAsync(server, kind, new CallOptions(deadline: before), CallEnd.Deadline, maybeExecuted: false);
        await AssertAsync(server, kind, new CallOptions(cancellationToken: new CancellationToken(canceled: true)), CallEnd.Caller, maybeExecuted: false);
        await AssertAsync(server, kind, new CallOptions(headers: tooMuch), CallEnd.ThisSide, maybeExecuted: false);

        Assert.DoesNotContain(await server.Peer.FenceAsync(), frame => frame.Type == RawFrame.Headers);
    }

    [Fact]
    public async Task MessageOverTheLimit_OfAUnaryCallHasNotBeenSentOfAStreamMayHave()
    {
        await using var server = await FrameServer.StartAsync();
        var tooLong = new EchoRequest { Payload = ByteString.CopyFrom(new byte[17 * 1024 * 1024]) };
        using var unary = server.Client.UnaryAsync(tooLong);
        using var upload = server.Client.ClientStream();
        await server.ReceiveCallAsync();
        var write = upload.RequestStream.WriteAsync(tooLong);

        Assert.Equal((CallEnd.ThisSide, false), Told(await Assert.ThrowsAsync<FailedCall>(() => unary.ResponseAsync.WaitAsync(RpcPair.Limit))));
        Assert.Equal((CallEnd.ThisSide, true), Told(await Assert.ThrowsAsync<FailedCall>(() => write.WaitAsync(RpcPair.Limit))));
    }

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task CallThatTheServerHas_MayHaveBeenExecutedHoweverItEnds(MethodType kind)
    {
        var clock = new FakeTimeProvider();
        await using var server = await FrameServer.StartAsync(() => FrameServer.Options(clock));
        using var cancellation = new CancellationTokenSource();
        using var cancelled = OpenCall.Start(server.Client, kind, new CallOptions(cancellationToken: cancellation.Token));
        using var late = OpenCall.Start(server.Client, kind, new CallOptions(deadline: (clock.GetUtcNow() + Time).UtcDateTime));
        using var disposed = OpenCall.Start(server.Client, kind);
        using var answered = OpenCall.Start(server.Client, kind);
        using var unreadable = OpenCall.Start(server.Client, kind);
        using var lost = OpenCall.Start(server.Client, kind);
        for (var i = 0; i < 6; i++)
            await server.ReceiveCallAsync();

        await cancellation.CancelAsync();
        clock.Advance(Time);
        disposed.Dispose();
        await server.Peer.SendAsync(Answer(7, StatusCode.NotFound), Raw.Headers(9, Raw.Block((":status", "200"), ("content-type", "text/html"))));

        Assert.Equal((CallEnd.Caller, true), Told(await FailureAsync(cancelled)));
        Assert.Equal((CallEnd.Deadline, true), Told(await FailureAsync(late)));
        Assert.Equal((CallEnd.Caller, true), Told(await FailureAsync(disposed)));
        Assert.Equal((CallEnd.Server, true), Told(await FailureAsync(answered)));
        Assert.Equal((CallEnd.Server, true), Told(await FailureAsync(unreadable)));
        await server.Peer.DisposeAsync();
        Assert.Equal((CallEnd.Connection, true), Told(await FailureAsync(lost)));
        await AssertAsync(server, kind, default, CallEnd.Connection, maybeExecuted: false);
    }

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task CallThatWaitsForItsTurn_HasNotBeenSentHoweverItEnds(MethodType kind)
    {
        var clock = new FakeTimeProvider();
        await using var server = await FrameServer.StartAsync(() => FrameServer.Options(clock), Raw.Settings((Raw.MaxConcurrentStreams, 1)));
        using var open = OpenCall.Start(server.Client, MethodType.ServerStreaming);
        await server.ReceiveCallAsync();
        using var cancellation = new CancellationTokenSource();
        using var cancelled = OpenCall.Start(server.Client, kind, new CallOptions(cancellationToken: cancellation.Token));
        using var late = OpenCall.Start(server.Client, kind, new CallOptions(deadline: (clock.GetUtcNow() + Time).UtcDateTime));
        using var disposed = OpenCall.Start(server.Client, kind);
        using var lost = OpenCall.Start(server.Client, kind);

        await cancellation.CancelAsync();
        clock.Advance(Time);
        disposed.Dispose();

        Assert.Equal((CallEnd.Caller, false), Told(await FailureAsync(cancelled)));
        Assert.Equal((CallEnd.Deadline, false), Told(await FailureAsync(late)));
        Assert.Equal((CallEnd.Caller, false), Told(await FailureAsync(disposed)));
        await server.Peer.DisposeAsync();
        Assert.Equal((CallEnd.Connection, false), Told(await FailureAsync(lost)));
        Assert.Equal((CallEnd.Connection, true), Told(await FailureAsync(open)));
    }

    [Theory]
    [InlineData(Http2ErrorCode.RefusedStream, false)]
    [InlineData(Http2ErrorCode.Cancel, true)]
    [InlineData(Http2ErrorCode.InternalError, true)]
    [InlineData(Http2ErrorCode.EnhanceYourCalm, true)]
    internal async Task Reset_ByTheServer_SaysWhetherItHasLookedAtTheCall(Http2ErrorCode errorCode, bool maybeExecuted)
    {
        await using var server = await FrameServer.StartAsync();
        foreach (var kind in Enum.GetValues<MethodType>())
        {
            using var call = OpenCall.Start(server.Client, kind);
            var id = await server.ReceiveCallAsync();

            await server.Peer.SendAsync(Raw.Reset(id, errorCode));

            Assert.Equal((CallEnd.Server, maybeExecuted), Told(await FailureAsync(call)));
        }
    }

    [Fact]
    public async Task Reset_ThatRefusesACallAlreadyAnsweredInPart_IsNotBelieved()
    {
        await using var server = await FrameServer.StartAsync();
        using var call = OpenCall.Start(server.Client, MethodType.ServerStreaming);
        var id = await server.ReceiveCallAsync();

        await server.Peer.SendAsync(BeginOfAnswer(id), Raw.Reset(id, Http2ErrorCode.RefusedStream));

        Assert.Equal((CallEnd.Server, true), Told(await FailureAsync(call)));
    }

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task GoAway_BelowACall_ItHasNotBeenLookedAt(MethodType kind)
    {
        var leave = new LossExplanation("The plugin 'todo' is stopping.");
        await using var server = await FrameServer.StartAsync(() => new RpcClientOptions
        {
            CreateException = static failure => new FailedCall(failure),
            ExplainLeave = () => leave,
        });
        using var seen = OpenCall.Start(server.Client, kind);
        using var cut = OpenCall.Start(server.Client, kind);
        using var unseen = OpenCall.Start(server.Client, kind);
        for (var i = 0; i < 3; i++)
            await server.ReceiveCallAsync();

        await server.Peer.SendAsync(Raw.GoAway(3, Http2ErrorCode.NoError));

        var refused = await FailureAsync(unseen);
        Assert.Equal((CallEnd.Connection, false), Told(refused));
        Assert.Same(leave, refused.Failure.Explanation);
        Assert.Equal((StatusCode.Unavailable, leave.Reason), (refused.StatusCode, refused.Status.Detail));

        // A call at this very moment hears the same.
        var tooLate = await FailureAsync(OpenCall.Start(server.Client, kind));
        Assert.Equal((CallEnd.Connection, false), Told(tooLate));
        Assert.Same(leave, tooLate.Failure.Explanation);
        Assert.Equal(leave.Reason, tooLate.Status.Detail);

        // And one that the server is out of patience with is told apart from one that it answers.
        await server.Peer.SendAsync(Answer(3, StatusCode.Unavailable));
        var stopped = await FailureAsync(cut);
        Assert.Equal((CallEnd.ServerStops, true), Told(stopped));
        Assert.Same(leave, stopped.Failure.Explanation);
        await server.Peer.SendAsync(Answer(1, StatusCode.NotFound));
        var answered = await FailureAsync(seen);
        Assert.Equal((CallEnd.Server, true), Told(answered));
        Assert.Null(answered.Failure.Explanation);
    }

    [Fact]
    public async Task GoAway_AndThenTheEnd_CallsThatWereLookedAtMayHaveBeenExecuted()
    {
        var leave = new LossExplanation("The plugin 'todo' is stopping.");
        ConnectionLoss? asked = null;
        await using var server = await FrameServer.StartAsync(() => new RpcClientOptions
        {
            CreateException = static failure => new FailedCall(failure),
            ExplainLeave = () => leave,
            ExplainDisconnect = (loss, _) =>
            {
                asked = loss;
                return new ValueTask<LossExplanation?>((LossExplanation?)null);
            },
        });
        using var open = OpenCall.Start(server.Client, MethodType.ServerStreaming);
        await server.ReceiveCallAsync();

        await server.Peer.SendAsync(Raw.GoAway(1, Http2ErrorCode.NoError));
        await server.Peer.DisposeAsync();

        var failure = await FailureAsync(open);
        Assert.Equal((CallEnd.Connection, true), Told(failure));
        Assert.Same(leave, failure.Failure.Explanation);
        Assert.Same(leave, asked!.Explanation);
    }

    [Fact]
    public async Task GoAway_WithAnError_IsNoLeave()
    {
        await using var server = await FrameServer.StartAsync(() => new RpcClientOptions
        {
            CreateException = static failure => new FailedCall(failure),
            ExplainLeave = () => throw new InvalidOperationException("Nobody leaves."),
        });
        using var open = OpenCall.Start(server.Client, MethodType.Unary);
        using var refused = OpenCall.Start(server.Client, MethodType.Unary);
        await server.ReceiveCallAsync();
        await server.ReceiveCallAsync();

        await server.Peer.SendAsync(Raw.GoAway(1, Http2ErrorCode.EnhanceYourCalm, "too many"), Answer(1, StatusCode.Unavailable));

        Assert.Equal((CallEnd.Connection, false), Told(await FailureAsync(refused)));
        Assert.Equal((CallEnd.Server, true), Told(await FailureAsync(open)));
    }

    [Fact]
    public async Task Deadline_AnsweredByTheServer_IsADeadlineOnlyForACallThatHasOne()
    {
        await using var server = await FrameServer.StartAsync();
        using var with = OpenCall.Start(server.Client, MethodType.Unary, new CallOptions(deadline: (TimeProvider.System.GetUtcNow() + Time).UtcDateTime));
        using var without = OpenCall.Start(server.Client, MethodType.Unary);
        await server.ReceiveCallAsync();
        await server.ReceiveCallAsync();

        await server.Peer.SendAsync(Answer(1, StatusCode.DeadlineExceeded), Answer(3, StatusCode.DeadlineExceeded));

        Assert.Equal((CallEnd.Deadline, true), Told(await FailureAsync(with)));
        Assert.Equal((CallEnd.Server, true), Told(await FailureAsync(without)));
    }

    [Fact]
    public async Task WriteThatFails_CallsInItMayHaveLeftThoseBehindItHaveNot()
    {
        await using var server = await FrameServer.StartAsync();
        server.Transport.BlockWrites();
        using var inTheWrite = OpenCall.Start(server.Client, MethodType.Unary);
        await server.Transport.WriteBlockedAsync();
        var behind = Enum.GetValues<MethodType>().Select(kind => OpenCall.Start(server.Client, kind)).ToList();

        server.Transport.FailsWritesWith = new IOException("Broken pipe.");
        server.Transport.LetWrites();

        Assert.Equal((CallEnd.Connection, true), Told(await FailureAsync(inTheWrite)));
        foreach (var call in behind)
            Assert.Equal((CallEnd.Connection, false), Told(await FailureAsync(call)));
    }

    [Fact]
    public async Task CallBehindAWriteThatGoesOn_IsCancelledAndMayStillLeave()
    {
        await using var server = await FrameServer.StartAsync();
        server.Transport.BlockWrites();
        using var inTheWrite = OpenCall.Start(server.Client, MethodType.ServerStreaming);
        await server.Transport.WriteBlockedAsync();
        using var behind = OpenCall.Start(server.Client, MethodType.ServerStreaming);

        behind.Dispose();

        Assert.Equal((CallEnd.Caller, true), Told(await FailureAsync(behind)));
        server.Transport.LetWrites();
        await server.ReceiveCallAsync();
        Assert.Equal(3, await server.ReceiveCallAsync());
    }

    [Fact]
    public async Task CallThatWaitsForRoomInTheOutput_IsCancelledAndNeverLeaves()
    {
        await using var server = await FrameServer.StartAsync(null, Raw.Settings((Raw.InitialWindowSize, 1024 * 1024)));
        await server.Peer.SendAsync(Raw.WindowUpdate(0, 4 * 1024 * 1024));
        await server.Peer.FenceAsync();
        server.Transport.BlockWrites();
        using var inTheWrite = server.Client.UnaryAsync(new EchoRequest());
        await server.Transport.WriteBlockedAsync();
        var large = new EchoRequest { Payload = ByteString.CopyFrom(new byte[100 * 1024]) };
        for (var i = 0; i < 3; i++)
            _ = server.Client.UnaryAsync(large);
        using var waiting = OpenCall.Start(server.Client, MethodType.Unary);

        waiting.Dispose();

        Assert.Equal((CallEnd.Caller, false), Told(await FailureAsync(waiting)));
        server.Transport.LetWrites();
        Assert.Equal([1, 3, 5, 7], (await server.Peer.FenceAsync()).Where(frame => frame.Type == RawFrame.Headers).Select(frame => frame.StreamId));
    }

    [Fact]
    public async Task Client_ThatClosesWithAWriteThatNeverEnds_CallsBehindItHaveNotLeft()
    {
        var clock = new FakeTimeProvider();
        await using var server = await FrameServer.StartAsync(() => FrameServer.Options(clock));
        server.Transport.BlockWrites();
        using var inTheWrite = OpenCall.Start(server.Client, MethodType.ServerStreaming);
        await server.Transport.WriteBlockedAsync();
        using var behind = OpenCall.Start(server.Client, MethodType.ServerStreaming);

        var explanation = new LossExplanation("The plugin 'todo' was stopped.");
        var closing = server.Connection.AbortAsync(explanation).AsTask();
        while (!closing.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        foreach (var (call, maybeExecuted) in new[] { (inTheWrite, true), (behind, false) })
        {
            var failure = await FailureAsync(call);
            Assert.Equal((CallEnd.Connection, maybeExecuted), Told(failure));
            Assert.Same(explanation, failure.Failure.Explanation);
        }
    }

    private static async Task AssertAsync(FrameServer server, MethodType kind, CallOptions options, CallEnd end, bool maybeExecuted)
    {
        using var call = OpenCall.Start(server.Client, kind, options);
        var failure = await FailureAsync(call);
        Assert.Equal((end, maybeExecuted), Told(failure));
        Assert.Equal($"/plugwire.wire.tests.Echo/{NameOf(kind)}", failure.Failure.Method);
    }

    private static string NameOf(MethodType kind) => kind switch
    {
        MethodType.Unary => "Unary",
        MethodType.ClientStreaming => "ClientStream",
        MethodType.ServerStreaming => "ServerStream",
        _ => "Duplex",
    };

    private static (CallEnd End, bool MaybeExecuted) Told(FailedCall failure) => (failure.Failure.End, failure.Failure.MaybeExecuted);

    private static Task<FailedCall> FailureAsync(OpenCall call) => Assert.ThrowsAsync<FailedCall>(() => call.Outcome);

    private static byte[] BeginOfAnswer(int streamId) => Raw.Headers(streamId, Raw.Block((":status", "200"), ("content-type", "application/grpc")));

    private static byte[] Answer(int streamId, StatusCode status) =>
        Raw.Headers(streamId, Raw.Block((":status", "200"), ("content-type", "application/grpc"), ("grpc-status", $"{(int)status}")), endStream: true);
}
