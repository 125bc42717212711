using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Rpc.Server;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>A call has its time, on either side's clock.</summary>
public sealed class DeadlineTests
{
    private static readonly TimeSpan Time = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task Deadline_PassesOnTheClientsClock_EndsTheCallAndCancelsTheHandler(MethodType kind)
    {
        var clock = new FakeTimeProvider();
        await using var pair = await RpcPair.StartAsync(clientOptions: logger => new RpcClientOptions { Logger = logger, TimeProvider = clock });
        await pair.GoRoundAsync();
        var (started, cancelled) = pair.Service.WaitForCancellation();

        using var call = OpenCall.Start(pair.Client, kind, new CallOptions(deadline: (clock.GetUtcNow() + Time).UtcDateTime));
        await started.WaitAsync();
        clock.Advance(Time - TimeSpan.FromTicks(1));
        Assert.False(call.Outcome.IsCompleted);
        clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(StatusCode.DeadlineExceeded, (await call.FailureAsync()).StatusCode);
        await cancelled.WaitAsync();
    }

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task Deadline_PassesOnTheServersClockAlone_IsAnsweredByTheServer(MethodType kind)
    {
        var clock = new FakeTimeProvider();
        await using var pair = await RpcPair.StartAsync(serverOptions: logger => new RpcServerOptions { Logger = logger, TimeProvider = clock });
        await pair.GoRoundAsync();
        var (started, cancelled) = pair.Service.WaitForCancellation();

        using var call = OpenCall.Start(pair.Client, kind, new CallOptions(deadline: (TimeProvider.System.GetUtcNow() + Time).UtcDateTime));
        await started.WaitAsync();
        clock.Advance(Time);

        Assert.Equal(StatusCode.DeadlineExceeded, (await call.FailureAsync()).StatusCode);
        await cancelled.WaitAsync();
    }

    [Fact]
    public async Task Handler_ThatOutlivesItsConnection_IsStillCounted()
    {
        await using var pair = await RpcPair.StartAsync();
        var started = new Signal();
        var goOn = new Signal();
        pair.Service.Do(async _ =>
        {
            started.Set();
            await goOn.WaitAsync();
        });

        using var call = OpenCall.Start(pair.Client, MethodType.Unary);
        await started.WaitAsync();
        await pair.Server.StopAsync(new CancellationToken(canceled: true)).WaitAsync(RpcPair.Limit);

        Assert.Equal(1, pair.Server.ActiveCalls);
        goOn.Set();
        await call.FailureAsync();
    }

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    [Trait("Fault", "F20")]
    public async Task Deadline_HandlerIgnoresIt_TheCallerIsAnsweredAndTheHandlerCounted(MethodType kind)
    {
        var clock = new FakeTimeProvider();
        await using var pair = await RpcPair.StartAsync(serverOptions: logger => new RpcServerOptions { Logger = logger, TimeProvider = clock });
        await pair.GoRoundAsync();
        var started = new Signal();
        var goOn = new Signal();
        var ended = new Signal();
        pair.Service.Do(async _ =>
        {
            started.Set();
            await goOn.WaitAsync();
            ended.Set();
        });

        using var call = OpenCall.Start(pair.Client, kind, new CallOptions(deadline: (TimeProvider.System.GetUtcNow() + Time).UtcDateTime));
        await started.WaitAsync();
        clock.Advance(Time);

        Assert.Equal(StatusCode.DeadlineExceeded, (await call.FailureAsync()).StatusCode);
        Assert.Equal(1, pair.Server.ActiveCalls);
        goOn.Set();
        await ended.WaitAsync();
        await pair.GoRoundAsync();
    }

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task Deadline_HasPassedAtTheStart_EndsTheCallBeforeItReachesTheServer(MethodType kind)
    {
        await using var pair = await RpcPair.StartAsync();
        var reached = new Signal();
        pair.Service.Do(_ =>
        {
            reached.Set();
            return Task.CompletedTask;
        });

        using var call = OpenCall.Start(pair.Client, kind, new CallOptions(deadline: (TimeProvider.System.GetUtcNow() - Time).UtcDateTime));

        Assert.Equal(StatusCode.DeadlineExceeded, (await call.FailureAsync()).StatusCode);
        await pair.GoRoundAsync();
        Assert.False(reached.IsSet);
    }

    [Fact]
    public async Task Deadline_OfTheCall_IsSeenByTheHandler()
    {
        var clock = new FakeTimeProvider();
        await using var pair = await RpcPair.StartAsync(
            logger => new RpcServerOptions { Logger = logger, TimeProvider = clock }, logger => new RpcClientOptions { Logger = logger, TimeProvider = clock });
        var deadline = (clock.GetUtcNow() + Time).UtcDateTime;
        var seen = default(DateTime);
        pair.Service.Do(context =>
        {
            seen = context.Deadline;
            return Task.CompletedTask;
        });

        await OpenCall.Start(pair.Client, MethodType.Unary, new CallOptions(deadline: deadline)).Outcome;

        Assert.Equal(deadline, seen);
    }

    [Fact]
    public async Task Deadline_NoneIsSet_TheHandlerSeesTheLatestTime()
    {
        await using var pair = await RpcPair.StartAsync();
        var seen = default(DateTime);
        pair.Service.Do(context =>
        {
            seen = context.Deadline;
            return Task.CompletedTask;
        });

        await OpenCall.Start(pair.Client, MethodType.Unary).Outcome;

        Assert.Equal(DateTime.MaxValue, seen);
    }

    [Fact]
    public async Task Deadline_OfManyYears_IsAsGoodAsNone()
    {
        await using var pair = await RpcPair.StartAsync();

        await OpenCall.Start(pair.Client, MethodType.Unary, new CallOptions(deadline: new DateTime(9999, 1, 1, 0, 0, 0, DateTimeKind.Utc))).Outcome;
    }

    [Fact]
    public async Task Deadline_HandlerWaitsForACallerWhoDoesNotRead_IsReleased()
    {
        var clock = new FakeTimeProvider();
        await using var pair = await RpcPair.StartAsync(serverOptions: logger => new RpcServerOptions { Logger = logger, TimeProvider = clock });
        await pair.GoRoundAsync();
        var stuck = new Signal();
        var wrote = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        pair.Service.OnServerStream = async (_, replies, _) => wrote.SetResult(await Record.ExceptionAsync(async () =>
        {
            while (true)
            {
                var write = replies.WriteAsync(new EchoReply { Payload = ByteString.CopyFrom(new byte[64 * 1024]) });
                if (!write.IsCompleted)
                    stuck.Set();
                await write;
            }
        }));

        using var call = pair.Client.ServerStream(new EchoRequest(), deadline: (TimeProvider.System.GetUtcNow() + Time).UtcDateTime);
        await stuck.WaitAsync();
        await pair.GoRoundAsync();
        clock.Advance(Time);

        Assert.IsAssignableFrom<OperationCanceledException>(await wrote.Task.WaitAsync(RpcPair.Limit));
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit))
            {
            }
        });
        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
    }
}
