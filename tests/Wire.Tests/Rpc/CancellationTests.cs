using Grpc.Core;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>The caller turns away.</summary>
public sealed class CancellationTests
{
    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task Cancellation_BeforeTheStart_EndsTheCallBeforeItReachesTheServer(MethodType kind)
    {
        await using var pair = await RpcPair.StartAsync();
        var reached = new Signal();
        pair.Service.Do(_ =>
        {
            reached.Set();
            return Task.CompletedTask;
        });

        using var call = OpenCall.Start(pair.Client, kind, new CallOptions(cancellationToken: new CancellationToken(canceled: true)));
        var failure = await call.FailureAsync();

        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
        Assert.Equal(StatusCode.Cancelled, call.Status.StatusCode);
        await pair.GoRoundAsync();
        Assert.False(reached.IsSet);
    }

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task Cancellation_WhileTheHandlerWaits_EndsTheCallAndFiresTheHandlersToken(MethodType kind)
    {
        await using var pair = await RpcPair.StartAsync();
        var (started, cancelled) = pair.Service.WaitForCancellation();
        using var cancellation = new CancellationTokenSource();

        using var call = OpenCall.Start(pair.Client, kind, new CallOptions(cancellationToken: cancellation.Token));
        await started.WaitAsync();
        await cancellation.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await call.FailureAsync()).StatusCode);
        await cancelled.WaitAsync();
    }

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task Dispose_OfAnOpenCall_CancelsIt(MethodType kind)
    {
        await using var pair = await RpcPair.StartAsync();
        var (started, cancelled) = pair.Service.WaitForCancellation();

        using var call = OpenCall.Start(pair.Client, kind);
        await started.WaitAsync();
        call.Dispose();

        Assert.Equal(StatusCode.Cancelled, (await call.FailureAsync()).StatusCode);
        await cancelled.WaitAsync();
    }

    [Theory]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task Cancellation_BetweenMessages_EndsTheReaderWithCancelled(MethodType kind)
    {
        await using var pair = await RpcPair.StartAsync();
        var cancelled = new Signal();
        pair.Service.OnServerStream = (_, replies, context) => AnswerOnceAsync(replies, context);
        pair.Service.OnDuplex = (_, replies, context) => AnswerOnceAsync(replies, context);
        using var cancellation = new CancellationTokenSource();
        var options = new CallOptions(cancellationToken: cancellation.Token);
        using var duplex = kind == MethodType.DuplexStreaming ? pair.Client.Duplex(options) : null;
        using var download = kind == MethodType.ServerStreaming ? pair.Client.ServerStream(new EchoRequest(), options) : null;
        var replies = duplex?.ResponseStream ?? download!.ResponseStream;

        Assert.True(await replies.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));
        var next = replies.MoveNext(CancellationToken.None);
        await cancellation.CancelAsync();

        var failure = await Assert.ThrowsAsync<RpcException>(() => next.WaitAsync(RpcPair.Limit));
        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
        await cancelled.WaitAsync();

        async Task AnswerOnceAsync(IServerStreamWriter<EchoReply> writer, ServerCallContext context)
        {
            await writer.WriteAsync(new EchoReply());
            await context.WaitForCancellationAsync(cancelled.Set);
        }
    }

    [Fact]
    public async Task MoveNext_ItsTokenFires_CancelsTheCall()
    {
        await using var pair = await RpcPair.StartAsync();
        var (started, cancelled) = pair.Service.WaitForCancellation();
        using var cancellation = new CancellationTokenSource();

        using var call = pair.Client.ServerStream(new EchoRequest());
        var next = call.ResponseStream.MoveNext(cancellation.Token);
        await started.WaitAsync();
        await cancellation.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => next.WaitAsync(RpcPair.Limit))).StatusCode);
        await cancelled.WaitAsync();
    }

    [Fact]
    public async Task WriteAsync_ItsTokenFiresWhileItWaits_CancelsTheCall()
    {
        await using var pair = await RpcPair.StartAsync();
        var (started, cancelled) = pair.Service.WaitForCancellation();
        using var cancellation = new CancellationTokenSource();

        // Nobody reads: a message longer than the window stays on its way.
        using var call = pair.Client.ClientStream();
        await call.RequestStream.WriteAsync(Large(256 * 1024)).WaitAsync(RpcPair.Limit);
        var write = call.RequestStream.WriteAsync(Large(256 * 1024), cancellation.Token);
        await started.WaitAsync();
        Assert.False(write.IsCompleted);
        await cancellation.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => write.WaitAsync(RpcPair.Limit))).StatusCode);
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(RpcPair.Limit))).StatusCode);
        await cancelled.WaitAsync();
    }

    [Fact]
    public async Task Handler_WritesAfterTheCallerTurnedAway_IsToldThatTheCallIsCancelled()
    {
        await using var pair = await RpcPair.StartAsync();
        var wrote = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        pair.Service.OnServerStream = async (_, replies, context) =>
        {
            await replies.WriteAsync(new EchoReply());
            var cancelled = new Signal();
            await using var registration = context.CancellationToken.Register(cancelled.Set);
            await cancelled.WaitAsync();
            wrote.SetResult(await Record.ExceptionAsync(() => replies.WriteAsync(new EchoReply())));
        };

        using (var call = pair.Client.ServerStream(new EchoRequest()))
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));

        Assert.IsAssignableFrom<OperationCanceledException>(await wrote.Task.WaitAsync(RpcPair.Limit));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Handler_StuckInAWriteWhenTheCallEnds_IsCancelledAndNothingIsLoggedAsAnError(bool byLoss)
    {
        await using var pair = await RpcPair.StartAsync();
        var stuck = new Signal();
        var wrote = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        pair.Service.OnServerStream = async (_, replies, _) =>
        {
            var failure = await Record.ExceptionAsync(async () =>
            {
                while (true)
                {
                    var write = replies.WriteAsync(new EchoReply { Payload = Large(64 * 1024).Payload });
                    if (!write.IsCompleted)
                        stuck.Set();
                    await write;
                }
            });
            wrote.SetResult(failure);
            throw failure!;
        };

        using var call = pair.Client.ServerStream(new EchoRequest());
        await stuck.WaitAsync();
        if (byLoss)
            await pair.Connection.DisposeAsync().AsTask().WaitAsync(RpcPair.Limit);
        else
            call.Dispose();

        Assert.IsAssignableFrom<OperationCanceledException>(await wrote.Task.WaitAsync(RpcPair.Limit));
    }

    [Fact]
    public async Task Handler_ReadingWhenTheCallerTurnsAway_IsCancelled()
    {
        await using var pair = await RpcPair.StartAsync();
        var read = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = new Signal();
        pair.Service.OnClientStream = async (requests, _) =>
        {
            Assert.True(await requests.MoveNext());
            var next = requests.MoveNext();
            started.Set();
            read.SetResult(await Record.ExceptionAsync(() => next));
            return new EchoReply();
        };

        using (OpenCall.Start(pair.Client, MethodType.ClientStreaming))
            await started.WaitAsync();

        Assert.IsAssignableFrom<OperationCanceledException>(await read.Task.WaitAsync(RpcPair.Limit));
    }

    private static EchoRequest Large(int size) => new() { Payload = Google.Protobuf.ByteString.CopyFrom(new byte[size]) };
}
