using Grpc.Core;
using Microsoft.Extensions.Logging;
using Plugwire.Wire.Rpc.Server;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>A server allows so many calls at a time; what is more waits its turn.</summary>
public sealed class ConcurrencyLimitTests
{
    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task ThirdCallOfTwo_WaitsAndSaysSoAndGoesOnWhenOneEnds(MethodType kind)
    {
        await using var pair = await StartAsync(limit: 2);
        var goOn = new Signal();
        var begun = 0;
        var twoBegun = new Signal();
        pair.Service.Do(async _ =>
        {
            if (Interlocked.Increment(ref begun) == 2)
                twoBegun.Set();
            await goOn.WaitAsync();
        });

        var calls = new[] { OpenCall.Start(pair.Client, kind), OpenCall.Start(pair.Client, kind), OpenCall.Start(pair.Client, kind) };
        await twoBegun.WaitAsync();

        var said = Assert.Single(pair.Logs.GetSnapshot(), record => record.Level == LogLevel.Information);
        Assert.Contains("allows 2 concurrent streams", said.Message, StringComparison.Ordinal);
        Assert.Equal(2, begun);
        goOn.Set();
        foreach (var call in calls)
            await call.Outcome;
        Assert.Equal(3, begun);
    }

    [Fact]
    public async Task CallsThatWait_ManyTimesTheLimit_AreAllServedAndNoneIsRefused()
    {
        await using var pair = await StartAsync(limit: 2);
        var most = 0;
        var running = 0;
        pair.Service.OnUnary = async (request, _) =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref running);
            return ScriptedEcho.Reply(request);
        };

        var replies = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => pair.Client.UnaryAsync(new EchoRequest { Count = i }).ResponseAsync)).WaitAsync(RpcPair.Limit);

        Assert.Equal(Enumerable.Range(0, 1000), replies.Select(reply => reply.Count));
        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public async Task CallsInPlaceOfCancelledOnes_AreNotRefusedForTheirHandlersThatStillRun()
    {
        await using var pair = await StartAsync(limit: 2);
        var begun = 0;
        var twoBegun = new Signal();
        var fourBegun = new Signal();
        var goOn = new Signal();
        pair.Service.Do(async _ =>
        {
            var now = Interlocked.Increment(ref begun);
            if (now == 2)
                twoBegun.Set();
            if (now == 4)
                fourBegun.Set();
            await goOn.WaitAsync();
        });
        using var first = OpenCall.Start(pair.Client, MethodType.Unary);
        using var second = OpenCall.Start(pair.Client, MethodType.Unary);
        await twoBegun.WaitAsync();
        first.Dispose();
        second.Dispose();

        using var third = OpenCall.Start(pair.Client, MethodType.Unary);
        using var fourth = OpenCall.Start(pair.Client, MethodType.Unary);
        await fourBegun.WaitAsync();
        goOn.Set();

        await third.Outcome;
        await fourth.Outcome;
        Assert.Equal(StatusCode.Cancelled, (await first.FailureAsync()).StatusCode);
        Assert.Equal(StatusCode.Cancelled, (await second.FailureAsync()).StatusCode);
    }

    [Fact]
    public async Task HandlersThatIgnoreTheirCancellation_AreBoundedAndFurtherCallsRefused()
    {
        await using var pair = await StartAsync(limit: 2);
        var goOn = new Signal();
        var started = new SemaphoreSlim(0);
        pair.Service.Do(async _ =>
        {
            started.Release();
            await goOn.WaitAsync();
        });
        for (var i = 0; i < 4; i++)
        {
            using var call = OpenCall.Start(pair.Client, MethodType.Unary);
            Assert.True(await started.WaitAsync(RpcPair.Limit));
            call.Dispose();
            await call.FailureAsync();
        }

        using var refused = OpenCall.Start(pair.Client, MethodType.Unary);
        Assert.Equal(StatusCode.Unavailable, (await refused.FailureAsync()).StatusCode);
        Assert.Equal(4, pair.Server.ActiveCalls);
        goOn.Set();
    }

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task CallThatWaits_CancelledOrDisposed_EndsAndNeverReachesTheServer(MethodType kind)
    {
        await using var pair = await StartAsync(limit: 1);
        var (started, _) = pair.Service.WaitForCancellation();
        using var first = OpenCall.Start(pair.Client, kind);
        await started.WaitAsync();
        var reached = new Signal();
        pair.Service.Do(_ =>
        {
            reached.Set();
            return Task.CompletedTask;
        });
        using var cancellation = new CancellationTokenSource();

        using var cancelled = OpenCall.Start(pair.Client, kind, new CallOptions(cancellationToken: cancellation.Token));
        using var disposed = OpenCall.Start(pair.Client, kind);
        await cancellation.CancelAsync();
        disposed.Dispose();

        Assert.Equal(StatusCode.Cancelled, (await cancelled.FailureAsync()).StatusCode);
        Assert.Equal(StatusCode.Cancelled, (await disposed.FailureAsync()).StatusCode);
        first.Dispose();
        await pair.GoRoundAsync();
        Assert.False(reached.IsSet);
    }

    private static Task<RpcPair> StartAsync(int limit) =>
        RpcPair.StartAsync(logger => new RpcServerOptions { Logger = logger, MaxConcurrentStreams = limit });

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen;)
        {
            var before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }
}
