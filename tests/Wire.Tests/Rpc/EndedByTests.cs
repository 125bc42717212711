using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Plugwire.Wire.Rpc.Server;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>A handler whose token has fired learns why; so does its caller.</summary>
public sealed class EndedByTests
{
    private const string Stopped = "The server is stopping, and waited no longer for the call to end.";

    private static readonly TimeSpan Time = TimeSpan.FromMinutes(1);

    public static TheoryData<MethodType, bool> EveryKindAndTransport { get; } =
        [.. Enum.GetValues<MethodType>().SelectMany(kind => new[] { (kind, false), (kind, true) })];

    [Theory]
    [MemberData(nameof(EveryKindAndTransport))]
    public async Task Caller_WhoCancels_IsTheCauseWhenTheTokenFires(MethodType kind, bool overSocket)
    {
        await using var pair = await RpcPair.StartAsync(overSocket: overSocket);
        var handler = Watch(pair);
        using var cancellation = new CancellationTokenSource();
        using var call = OpenCall.Start(pair.Client, kind, new CallOptions(cancellationToken: cancellation.Token));
        Assert.Null((await handler.StartedAsync())());

        await cancellation.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, await handler.CauseAsync());
        Assert.Equal(StatusCode.Cancelled, (await call.FailureAsync()).StatusCode);
    }

    [Fact]
    public async Task UserState_AskedByManyThreadsAtOnce_IsOne()
    {
        await using var pair = await RpcPair.StartAsync();
        var states = new System.Collections.Concurrent.ConcurrentBag<IDictionary<object, object>>();
        pair.Service.OnUnary = async (request, context) =>
        {
            using var together = new Barrier(8);
            await Task.WhenAll(Enumerable.Range(0, together.ParticipantCount).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait();
                    states.Add(context.UserState);
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
            return ScriptedEcho.Reply(request);
        };

        await pair.Client.UnaryAsync(new EchoRequest()).ResponseAsync.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Equal(8, states.Count);
        Assert.Single(states.Distinct());
    }

    [Theory]
    [MemberData(nameof(EveryKindAndTransport))]
    public async Task Deadline_OnTheServersClock_IsTheCauseWhenTheTokenFires(MethodType kind, bool overSocket)
    {
        var clock = new FakeTimeProvider();
        await using var pair = await RpcPair.StartAsync(
            serverOptions: logger => new RpcServerOptions { Logger = logger, TimeProvider = clock }, overSocket: overSocket);
        await pair.GoRoundAsync();
        var handler = Watch(pair);
        using var call = OpenCall.Start(pair.Client, kind, new CallOptions(deadline: InAMinute()));
        Assert.Null((await handler.StartedAsync())());

        clock.Advance(Time);

        Assert.Equal(StatusCode.DeadlineExceeded, await handler.CauseAsync());
        Assert.Equal(StatusCode.DeadlineExceeded, (await call.FailureAsync()).StatusCode);
    }

    [Theory]
    [MemberData(nameof(EveryKindAndTransport))]
    public async Task Server_ThatStopsAndIsOutOfPatience_IsTheCauseAndTellsTheCaller(MethodType kind, bool overSocket)
    {
        await using var pair = await RpcPair.StartAsync(overSocket: overSocket);
        var handler = Watch(pair);
        using var call = OpenCall.Start(pair.Client, kind);
        Assert.Null((await handler.StartedAsync())());
        using var patience = new CancellationTokenSource();

        var stopping = pair.Server.StopAsync(patience.Token);
        Assert.False(stopping.IsCompleted);
        await patience.CancelAsync();

        Assert.Equal(StatusCode.Aborted, await handler.CauseAsync());
        AssertStopped(await call.FailureAsync());
        await stopping.WaitAsync(RpcPair.Limit);
    }

    [Theory]
    [MemberData(nameof(EveryKindAndTransport))]
    public async Task Connection_ThatIsLost_IsTheCauseWhenTheTokenFires(MethodType kind, bool overSocket)
    {
        await using var pair = await RpcPair.StartAsync(overSocket: overSocket);
        var handler = Watch(pair);
        using var call = OpenCall.Start(pair.Client, kind);
        Assert.Null((await handler.StartedAsync())());

        await pair.Connection.DisposeAsync().AsTask().WaitAsync(RpcPair.Limit);

        Assert.Equal(StatusCode.Unavailable, await handler.CauseAsync());
    }

    [Theory]
    [InlineData(MethodType.ServerStreaming, false)]
    [InlineData(MethodType.ServerStreaming, true)]
    [InlineData(MethodType.DuplexStreaming, false)]
    [InlineData(MethodType.DuplexStreaming, true)]
    public async Task WriterWhoseCallIsOver_HearsTheCauseByItsWriteAlone(MethodType kind, bool connectionIsLost)
    {
        await using var pair = await RpcPair.StartAsync(overSocket: true);
        var cause = new TaskCompletionSource<StatusCode?>(TaskCreationOptions.RunContinuationsAsynchronously);
        pair.Service.OnServerStream = (_, replies, context) => WriteOnAsync(replies, context);
        pair.Service.OnDuplex = (_, replies, context) => WriteOnAsync(replies, context);
        using var cancellation = new CancellationTokenSource();
        using var call = OpenCall.Start(pair.Client, kind, new CallOptions(cancellationToken: cancellation.Token));
        await pair.GoRoundAsync();

        if (connectionIsLost)
            await pair.Connection.DisposeAsync().AsTask().WaitAsync(RpcPair.Limit);
        else
            await cancellation.CancelAsync();

        Assert.Equal(connectionIsLost ? StatusCode.Unavailable : StatusCode.Cancelled, await cause.Task.WaitAsync(RpcPair.Limit));

        async Task WriteOnAsync(IServerStreamWriter<EchoReply> replies, ServerCallContext context)
        {
            try
            {
                while (true)
                    await replies.WriteAsync(new EchoReply());
            }
            catch (OperationCanceledException)
            {
                cause.SetResult(EndedBy(context)());
                throw;
            }
        }
    }

    [Theory]
    [InlineData(50_000, StatusCode.Cancelled)]
    [InlineData(59_800, StatusCode.DeadlineExceeded)]
    public async Task Reset_ByTheClient_IsTheDeadlinesWhenTheTimeIsAsGoodAsOver(int milliseconds, StatusCode expected)
    {
        var clock = new FakeTimeProvider();
        await using var pair = await RpcPair.StartAsync(serverOptions: logger => new RpcServerOptions { Logger = logger, TimeProvider = clock });
        await pair.GoRoundAsync();
        var handler = Watch(pair);
        using var call = OpenCall.Start(pair.Client, MethodType.DuplexStreaming, new CallOptions(deadline: InAMinute()));
        await handler.StartedAsync();

        // The client's clock has come to the end before the server's: all that the server sees of that is a reset.
        clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        call.Dispose();

        Assert.Equal(expected, await handler.CauseAsync());
    }

    [Fact]
    public async Task Deadline_ThenTheStop_TheDeadlineIsTheCause()
    {
        var clock = new FakeTimeProvider();
        await using var pair = await RpcPair.StartAsync(serverOptions: logger => new RpcServerOptions { Logger = logger, TimeProvider = clock });
        var handler = Watch(pair);
        using var call = OpenCall.Start(pair.Client, MethodType.DuplexStreaming, new CallOptions(deadline: InAMinute()));
        var endedBy = await handler.StartedAsync();

        clock.Advance(Time);
        await pair.Server.StopAsync(new CancellationToken(canceled: true)).WaitAsync(RpcPair.Limit);

        Assert.Equal(StatusCode.DeadlineExceeded, await handler.CauseAsync());
        Assert.Equal(StatusCode.DeadlineExceeded, endedBy());
        Assert.Equal(StatusCode.DeadlineExceeded, (await call.FailureAsync()).StatusCode);
    }

    [Fact]
    public async Task Stop_ThenTheDeadline_TheStopIsTheCause()
    {
        var clock = new FakeTimeProvider();
        await using var pair = await RpcPair.StartAsync(serverOptions: logger => new RpcServerOptions { Logger = logger, TimeProvider = clock });
        var handler = Watch(pair);
        using var call = OpenCall.Start(pair.Client, MethodType.DuplexStreaming, new CallOptions(deadline: InAMinute()));
        var endedBy = await handler.StartedAsync();

        await pair.Server.StopAsync(new CancellationToken(canceled: true)).WaitAsync(RpcPair.Limit);
        clock.Advance(Time);

        Assert.Equal(StatusCode.Aborted, await handler.CauseAsync());
        Assert.Equal(StatusCode.Aborted, endedBy());
        AssertStopped(await call.FailureAsync());
    }

    [Fact]
    public async Task DeadlineAndStop_AtOnce_HandlerAndCallerHearOfTheSameOne()
    {
        for (var round = 0; round < 50; round++)
        {
            var clock = new FakeTimeProvider();
            await using var pair = await RpcPair.StartAsync(serverOptions: logger => new RpcServerOptions { Logger = logger, TimeProvider = clock });
            var handler = Watch(pair);
            using var call = OpenCall.Start(pair.Client, MethodType.DuplexStreaming, new CallOptions(deadline: InAMinute()));
            var endedBy = await handler.StartedAsync();
            using var patience = new CancellationTokenSource();
            var stopping = pair.Server.StopAsync(patience.Token);
            using var together = new Barrier(2);

            await Task.WhenAll(
                Task.Run(() =>
                {
                    together.SignalAndWait(RpcPair.Limit);
                    clock.Advance(Time);
                }),
                Task.Run(() =>
                {
                    together.SignalAndWait(RpcPair.Limit);
                    patience.Cancel();
                })).WaitAsync(RpcPair.Limit);

            var cause = await handler.CauseAsync();
            Assert.Equal(cause, endedBy());
            var failure = await call.FailureAsync();

            // The connection may end before the answer is in its output; what never happens is that the caller is answered otherwise than the handler was told.
            if (cause == StatusCode.Aborted)
                AssertStopped(failure);
            else
                Assert.True(cause == StatusCode.DeadlineExceeded && failure.Status.Detail != Stopped, $"{cause}, and the caller heard: {failure}");
            await stopping.WaitAsync(RpcPair.Limit);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Server_ThatStopsWhileAClientWritesWithoutEnd_StillTellsTheIdleCalls(bool overSocket)
    {
        await using var pair = await RpcPair.StartAsync(overSocket: overSocket);
        var handler = Watch(pair);
        using var idle = OpenCall.Start(pair.Client, MethodType.ServerStreaming);
        await handler.StartedAsync();
        using var busy = pair.Client.Duplex();
        pair.Service.OnDuplex = async (requests, _, _) =>
        {
            while (await requests.MoveNext())
            {
            }
        };
        var begun = new Signal();
        var writing = Task.Run(async () =>
        {
            while (true)
            {
                await busy.RequestStream.WriteAsync(new EchoRequest { Text = "on and on" });
                begun.Set();
            }
        });
        await begun.WaitAsync();

        await pair.Server.StopAsync(new CancellationToken(canceled: true)).WaitAsync(RpcPair.Limit);

        AssertStopped(await idle.FailureAsync());
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => writing.WaitAsync(RpcPair.Limit))).StatusCode);
    }

    [Fact]
    public async Task UserState_OfOthers_StaysBesideTheCause()
    {
        await using var pair = await RpcPair.StartAsync();
        pair.Service.OnUnary = (_, context) =>
        {
            context.UserState["mine"] = "kept";
            var endedBy = EndedBy(context);
            return Task.FromResult(new EchoReply { Text = $"{context.UserState["mine"]}, {context.UserState.Count} entries, {endedBy()?.ToString() ?? "running"}" });
        };

        Assert.Equal("kept, 2 entries, running", (await pair.Client.UnaryAsync(new EchoRequest()).ResponseAsync.WaitAsync(RpcPair.Limit)).Text);
    }

    // The client's clock goes on as always, and has no part in it.
    private static DateTime InAMinute() => (TimeProvider.System.GetUtcNow() + Time).UtcDateTime;

    private static void AssertStopped(RpcException failure)
    {
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Equal(Stopped, failure.Status.Detail);
    }

    private static Func<StatusCode?> EndedBy(ServerCallContext context) => (Func<StatusCode?>)context.UserState["plugwire.call.ended"];

    private static WatchedHandler Watch(RpcPair pair)
    {
        var handler = new WatchedHandler();
        pair.Service.Do(handler.RunAsync);
        return handler;
    }

    /// <summary>Waits for its token and asks, in the token's own callback, for the cause.</summary>
    private sealed class WatchedHandler
    {
        private readonly TaskCompletionSource<Func<StatusCode?>> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<StatusCode?> _cause = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Func<StatusCode?>> StartedAsync() => _started.Task.WaitAsync(RpcPair.Limit);

        public Task<StatusCode?> CauseAsync() => _cause.Task.WaitAsync(RpcPair.Limit);

        public async Task RunAsync(ServerCallContext context)
        {
            var endedBy = EndedBy(context);
            await using var firing = context.CancellationToken.Register(() => _cause.SetResult(endedBy()));
            _started.SetResult(endedBy);
            await _cause.Task;
            context.CancellationToken.ThrowIfCancellationRequested();
        }
    }
}
