using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Rpc.Client;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>The other side is gone.</summary>
public sealed class ConnectionLossTests
{
    private const string Reason = "The plugin 'todo' was killed by signal 9.";

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task ServerGone_InMidCall_EndsEachCallWithTheReason(MethodType kind)
    {
        await using var pair = await RpcPair.StartAsync(clientOptions: logger => Explaining(logger, (_, _) => new ValueTask<LossExplanation?>(new LossExplanation(Reason))));
        var (started, cancelled) = pair.Service.WaitForCancellation();
        var calls = Enumerable.Range(0, 10).Select(_ => OpenCall.Start(pair.Client, kind)).ToList();
        await started.WaitAsync();

        await pair.ServerTransport.DisposeAsync();

        foreach (var call in calls)
            AssertTellsReason(await call.FailureAsync());
        await cancelled.WaitAsync();
        await pair.Connection.Closed.WaitAsync(RpcPair.Limit);
        AssertTellsReason(await OpenCall.Start(pair.Client, kind).FailureAsync());
    }

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task ServerGone_CallBegunBeforeThatIsExplained_HearsTheReasonToo(MethodType kind)
    {
        var asked = new Signal();
        var answer = new TaskCompletionSource<LossExplanation?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pair = await RpcPair.StartAsync(clientOptions: logger => Explaining(logger, (_, _) =>
        {
            asked.Set();
            return new ValueTask<LossExplanation?>(answer.Task);
        }));
        await pair.GoRoundAsync();

        await pair.ServerTransport.DisposeAsync();
        await asked.WaitAsync();
        using var call = OpenCall.Start(pair.Client, kind);
        answer.SetResult(new LossExplanation(Reason));

        AssertTellsReason(await call.FailureAsync());
    }

    [Theory]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task ServerGone_WriterThatWaitsOrWritesOn_HearsTheReason(MethodType kind)
    {
        var asked = new Signal();
        var answer = new TaskCompletionSource<LossExplanation?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pair = await RpcPair.StartAsync(clientOptions: logger => Explaining(logger, (_, _) =>
        {
            asked.Set();
            return new ValueTask<LossExplanation?>(answer.Task);
        }));
        await pair.GoRoundAsync();
        var (started, _) = pair.Service.WaitForCancellation();
        using var duplex = kind == MethodType.DuplexStreaming ? pair.Client.Duplex() : null;
        using var upload = kind == MethodType.ClientStreaming ? pair.Client.ClientStream() : null;
        var requests = duplex?.RequestStream ?? upload!.RequestStream;
        var large = new EchoRequest { Payload = ByteString.CopyFrom(new byte[256 * 1024]) };
        await requests.WriteAsync(large).WaitAsync(RpcPair.Limit);
        var waiting = requests.WriteAsync(large);
        await started.WaitAsync();

        await pair.ServerTransport.DisposeAsync();
        await asked.WaitAsync();
        var next = requests.WriteAsync(new EchoRequest());
        Assert.False(next.IsCompleted);
        answer.SetResult(new LossExplanation(Reason));

        AssertTellsReason(await Assert.ThrowsAsync<RpcException>(() => waiting.WaitAsync(RpcPair.Limit)));
        AssertTellsReason(await Assert.ThrowsAsync<RpcException>(() => next.WaitAsync(RpcPair.Limit)));
    }

    [Fact]
    public async Task ServerGone_NobodyCanExplainIt_CallsEndInTimeAllTheSame()
    {
        var clock = new FakeTimeProvider();
        var asked = new Signal();
        var never = new TaskCompletionSource<LossExplanation?>();
        await using var pair = await RpcPair.StartAsync(clientOptions: logger => Explaining(logger, clock, (_, _) =>
        {
            asked.Set();
            return new ValueTask<LossExplanation?>(never.Task);
        }));
        var (started, _) = pair.Service.WaitForCancellation();
        using var call = OpenCall.Start(pair.Client, MethodType.Unary);
        await started.WaitAsync();

        await pair.ServerTransport.DisposeAsync();
        await asked.WaitAsync();
        Assert.False(call.Outcome.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(250));

        var failure = await call.FailureAsync();
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.NotEmpty(failure.Status.Detail);
    }

    [Fact]
    public async Task ServerGone_ItsExplanationFails_IsLoggedAndTheCallsEnd()
    {
        await using var pair = await RpcPair.StartAsync(clientOptions: logger => Explaining(logger, (_, _) => throw new InvalidOperationException("no idea")));
        pair.ExpectsErrors = true;
        var (started, _) = pair.Service.WaitForCancellation();
        using var call = OpenCall.Start(pair.Client, MethodType.Unary);
        await started.WaitAsync();

        await pair.ServerTransport.DisposeAsync();

        Assert.Equal(StatusCode.Unavailable, (await call.FailureAsync()).StatusCode);
        Assert.Contains(pair.Logs.GetSnapshot(), record => record.Level == LogLevel.Error && record.Exception?.Message == "no idea");
    }

    [Theory]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task ServerGone_MessagesThatCameBefore_AreStillRead(MethodType kind)
    {
        await using var pair = await RpcPair.StartAsync(clientOptions: logger => Explaining(logger, (_, _) => new ValueTask<LossExplanation?>(new LossExplanation(Reason))));
        var written = new Signal();
        pair.Service.OnServerStream = (_, replies, context) => AnswerAsync(replies, context);
        pair.Service.OnDuplex = (_, replies, context) => AnswerAsync(replies, context);
        using var duplex = kind == MethodType.DuplexStreaming ? pair.Client.Duplex() : null;
        using var download = kind == MethodType.ServerStreaming ? pair.Client.ServerStream(new EchoRequest()) : null;
        var replies = duplex?.ResponseStream ?? download!.ResponseStream;
        await written.WaitAsync();
        await pair.GoRoundAsync();

        await pair.ServerTransport.DisposeAsync();
        await pair.Connection.Closed.WaitAsync(RpcPair.Limit);

        for (var i = 0; i < 3; i++)
            Assert.True(await replies.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));
        AssertTellsReason(await Assert.ThrowsAsync<RpcException>(() => replies.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit)));

        async Task AnswerAsync(IServerStreamWriter<EchoReply> writer, ServerCallContext context)
        {
            for (var i = 0; i < 3; i++)
                await writer.WriteAsync(new EchoReply());
            written.Set();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
        }
    }

    // The clock stands still: the explanation has all the time that a busy machine needs.
    private static RpcClientOptions Explaining(ILogger logger, Func<ConnectionLoss, CancellationToken, ValueTask<LossExplanation?>> explain) =>
        Explaining(logger, new FakeTimeProvider(), explain);

    private static RpcClientOptions Explaining(ILogger logger, TimeProvider clock, Func<ConnectionLoss, CancellationToken, ValueTask<LossExplanation?>> explain) =>
        new() { Logger = logger, TimeProvider = clock, ExplainDisconnect = explain };

    private static void AssertTellsReason(RpcException failure)
    {
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Equal(Reason, failure.Status.Detail);
    }
}
