using Grpc.Core;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>Either side closes in order.</summary>
public sealed class StoppingTests
{
    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task ServerThatStops_LetsOpenCallsEndAndRefusesNewOnes(MethodType kind)
    {
        await using var pair = await RpcPair.StartAsync();
        var started = new Signal();
        var goOn = new Signal();
        pair.Service.Do(async _ =>
        {
            started.Set();
            await goOn.WaitAsync();
        });
        using var open = OpenCall.Start(pair.Client, kind);
        await started.WaitAsync();

        var stopping = pair.Server.StopAsync(CancellationToken.None);
        var refusal = await RefusedAsync(pair);
        Assert.Equal(StatusCode.Unavailable, refusal.StatusCode);
        Assert.NotEmpty(refusal.Status.Detail);
        Assert.True(pair.Server.Stopping.IsCancellationRequested);
        Assert.False(stopping.IsCompleted);
        goOn.Set();

        await open.Outcome;
        await stopping.WaitAsync(RpcPair.Limit);
        await pair.Connection.Closed.WaitAsync(RpcPair.Limit);
    }

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task ServerThatIsOutOfPatience_AbortsOpenCalls(MethodType kind)
    {
        await using var pair = await RpcPair.StartAsync();
        var (started, cancelled) = pair.Service.WaitForCancellation();
        using var open = OpenCall.Start(pair.Client, kind);
        await started.WaitAsync();
        using var patience = new CancellationTokenSource();

        var stopping = pair.Server.StopAsync(patience.Token);
        await RefusedAsync(pair);
        Assert.False(stopping.IsCompleted);
        await patience.CancelAsync();

        await stopping.WaitAsync(RpcPair.Limit);
        Assert.Equal(StatusCode.Unavailable, (await open.FailureAsync()).StatusCode);
        await cancelled.WaitAsync();
    }

    [Fact]
    public async Task ClientThatCloses_LetsOpenCallsEndAndRefusesNewOnes()
    {
        await using var pair = await RpcPair.StartAsync();
        var started = new Signal();
        var goOn = new Signal();
        pair.Service.Do(async _ =>
        {
            started.Set();
            await goOn.WaitAsync();
        });
        using var open = OpenCall.Start(pair.Client, MethodType.DuplexStreaming);
        await started.WaitAsync();

        var closing = pair.Connection.CloseAsync(CancellationToken.None);
        Assert.Equal(StatusCode.Unavailable, (await OpenCall.Start(pair.Client, MethodType.Unary).FailureAsync()).StatusCode);
        Assert.False(closing.IsCompleted);
        goOn.Set();

        await open.Outcome;
        await closing.WaitAsync(RpcPair.Limit);
    }

    [Fact]
    public async Task ClientThatIsDisposed_EndsOpenCallsAndCancelsTheirHandlers()
    {
        await using var pair = await RpcPair.StartAsync();
        var (started, cancelled) = pair.Service.WaitForCancellation();
        var open = Enum.GetValues<MethodType>().Select(kind => OpenCall.Start(pair.Client, kind)).ToList();
        await started.WaitAsync();

        await pair.Connection.DisposeAsync().AsTask().WaitAsync(RpcPair.Limit);

        foreach (var call in open)
            Assert.Equal(StatusCode.Unavailable, (await call.FailureAsync()).StatusCode);
        Assert.Equal(StatusCode.Unavailable, (await OpenCall.Start(pair.Client, MethodType.Unary).FailureAsync()).StatusCode);
        await cancelled.WaitAsync();
    }

    // Calls until the client knows that the server closes.
    private static async Task<RpcException> RefusedAsync(RpcPair pair)
    {
        for (var i = 0; i < 100_000; i++)
        {
            try
            {
                await pair.Connection.CallInvoker.AsyncUnaryCall(Fence.Method, host: null, default, new EchoRequest()).ResponseAsync.WaitAsync(RpcPair.Limit);
            }
            catch (RpcException exception)
            {
                return exception;
            }
        }

        throw new InvalidOperationException("The server goes on taking calls.");
    }
}
