using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Plugwire.Callbacks;
using Plugwire.Testing;
using Plugwire.Tests.Contract;
using Plugwire.Tests.Launching;
using Plugwire.Tests.Running;

namespace Plugwire.Tests.Callbacks;

/// <summary>A plugin that calls its host, in memory.</summary>
public sealed class HostContractTests
{
    private static readonly TimeSpan LongDrain = TimeSpan.FromMinutes(1);

    private readonly FakeLaunch _launch = new();
    private readonly ManualClock _clock = new();
    private readonly Gate _gate = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Plugin_ServingACallOfEachKind_CallsItsHost()
    {
        await using var plugin = await StartAsync();
        await using var host = await FakeHost.ConnectAsync(plugin, new HostEcho());
        var relay = new Echo.EchoClient(plugin.Invoker);

        Assert.Equal("ONE", (await relay.UnaryAsync(new Text { Value = "one" }, cancellationToken: Token).ResponseAsync.Within()).Value);

        using var collect = relay.Collect(cancellationToken: Token);
        foreach (var part in new[] { "a", "b", "c" })
            await collect.RequestStream.WriteAsync(new Text { Value = part }, Token).Within();
        await collect.RequestStream.CompleteAsync().Within();
        Assert.Equal("ABC", (await collect.ResponseAsync.Within()).Value);

        using var repeat = relay.Repeat(new Text { Value = "again" }, cancellationToken: Token);
        Assert.Equal(["AGAIN", "AGAIN"], await ReadAllAsync(repeat.ResponseStream));

        using var both = relay.Both(cancellationToken: Token);
        foreach (var part in new[] { "x", "y" })
        {
            await both.RequestStream.WriteAsync(new Text { Value = part }, Token).Within();
            Assert.True(await both.ResponseStream.MoveNext(Token).Within());
            Assert.Equal(part.ToUpperInvariant(), both.ResponseStream.Current.Value);
        }

        await both.RequestStream.CompleteAsync().Within();
        Assert.Empty(await ReadAllAsync(both.ResponseStream));
        Assert.Empty(_launch.Log);
    }

    [Fact]
    public async Task Contract_HadInEachWay_IsTheHosts()
    {
        await using var plugin = await StartAsync();
        await using var host = await FakeHost.ConnectAsync(plugin, new HostEcho());

        foreach (var contract in new[]
        {
            plugin.Services.GetRequiredService<IEcho>(), plugin.Services.GetRequiredService<IHostContracts>().GetHostContract<IEcho>(),
            plugin.Application.GetHostContract<IEcho>(),
        })
        {
            Assert.Equal("HELLO", (await contract.UnaryAsync(new Text { Value = "hello" }, cancellationToken: Token).AsTask().Within()).Value);
        }
    }

    [Fact]
    public async Task Contract_ThatTheAuthorHasRegistered_StaysHis()
    {
        var fake = new HostEcho();
        await using var plugin = await StartAsync(builder => builder.Services.AddSingleton<IEcho>(fake));

        Assert.Same(fake, plugin.Services.GetRequiredService<IEcho>());
    }

    [Fact]
    public async Task Call_BeforeTheHostHasConnected_WaitsForIt()
    {
        await using var plugin = await StartAsync();
        var contract = plugin.Application.GetHostContract<IEcho>();
        var calls = Enumerable.Range(0, 20).Select(i => contract.UnaryAsync(new Text { Value = $"call {i}" }, cancellationToken: Token).AsTask()).ToArray();
        var stream = ReadAllAsync(contract.RepeatAsync(new Text { Value = "stream" }, cancellationToken: Token));
        Assert.DoesNotContain(calls, call => call.IsCompleted);

        await using var host = await FakeHost.ConnectAsync(plugin, new HostEcho());

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"CALL {i}"), (await Task.WhenAll(calls).Within()).Select(text => text.Value));
        Assert.Equal(["STREAM", "STREAM"], await stream.Within());
    }

    [Fact]
    public async Task Call_WhoseHostDoesNotConnect_IsUnavailableAfterTenSeconds()
    {
        await using var plugin = await StartAsync();
        var call = plugin.Application.GetHostContract<IEcho>().UnaryAsync(new Text(), cancellationToken: Token).AsTask();
        await _clock.WaitForTimerAsync(HostConnection.Patience, cancellationToken: Token);

        await _clock.AdvanceAsync(HostConnection.Patience - TimeSpan.FromMilliseconds(1), Token);
        Assert.False(call.IsCompleted);
        await _clock.AdvanceAsync(TimeSpan.FromMilliseconds(1), Token);

        var failure = await Assert.ThrowsAsync<RpcException>(() => call.Within());
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Contains("'plugwire.tests.echo.v1.Echo' within 10 s", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("AddHostContract", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_ThatWaitsForReady_WaitsForItsHostAsLongAsThatTakes()
    {
        await using var plugin = await StartAsync();
        var contract = plugin.Application.GetHostContract<IEcho>();
        var usual = contract.UnaryAsync(new Text(), cancellationToken: Token).AsTask();
        var patient = contract.UnaryAsync(new Text { Value = "late" }, new CallContext { WaitForReady = true }, Token).AsTask();
        await _clock.WaitForTimerAsync(HostConnection.Patience, cancellationToken: Token);
        await _clock.AdvanceAsync(HostConnection.Patience, Token);
        await Assert.ThrowsAsync<RpcException>(() => usual.Within());
        Assert.False(patient.IsCompleted);

        await using var host = await FakeHost.ConnectAsync(plugin, new HostEcho());

        Assert.Equal("LATE", (await patient.Within()).Value);
    }

    [Fact]
    public async Task Call_ThatWaitsForReady_EndsWithThePlugin()
    {
        await using var plugin = await StartAsync();
        var call = plugin.Application.GetHostContract<IEcho>().UnaryAsync(new Text(), new CallContext { WaitForReady = true }, Token).AsTask();

        await plugin.StopAsync(LongDrain).Within();

        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => call.Within())).StatusCode);
    }

    [Fact]
    public async Task Call_ThatWaits_EndsWithItsDeadline()
    {
        await using var plugin = await StartAsync();
        var call = plugin.Application.GetHostContract<IEcho>().UnaryAsync(new Text(), new CallContext { Timeout = TimeSpan.FromSeconds(3) }, Token).AsTask();
        Assert.False(call.IsCompleted);

        await _clock.AdvanceAsync(TimeSpan.FromSeconds(3), Token);

        var failure = await Assert.ThrowsAsync<RpcException>(() => call.Within());
        Assert.Equal((StatusCode.DeadlineExceeded, "The call's deadline passed while the plugin waited for its host."), (failure.StatusCode, failure.Status.Detail));
    }

    [Fact]
    public async Task Call_ThatWaits_EndsWhenItIsCancelled()
    {
        await using var plugin = await StartAsync();
        using var cancel = new CancellationTokenSource();
        var call = plugin.Application.GetHostContract<IEcho>().UnaryAsync(new Text(), cancellationToken: cancel.Token).AsTask();

        await cancel.CancelAsync();

        var cancelled = await Assert.ThrowsAsync<OperationCanceledException>(() => call.Within());
        Assert.Equal(cancel.Token, cancelled.CancellationToken);
    }

    [Fact]
    public async Task Call_ThatWaits_EndsWhenThePluginStops()
    {
        await using var plugin = await StartAsync();
        var contract = plugin.Application.GetHostContract<IEcho>();
        var call = contract.UnaryAsync(new Text(), cancellationToken: Token).AsTask();

        await plugin.StopAsync(LongDrain).Within();

        foreach (var ended in new[] { call, contract.UnaryAsync(new Text(), cancellationToken: Token).AsTask() })
        {
            var failure = await Assert.ThrowsAsync<RpcException>(() => ended.Within());
            Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
            Assert.Contains("plugin stops", failure.Status.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Call_OfAContractThatTheHostDoesNotOffer_IsUnimplementedAtOnce()
    {
        await using var plugin = await StartAsync();
        var contract = plugin.Application.GetHostContract<IEcho>();
        var early = contract.UnaryAsync(new Text(), cancellationToken: Token).AsTask();
        await using var host = FakeHost.Serve(await FakeHost.DialAsync(plugin, await FakeHost.AnnounceAsync(plugin, "b.Other", "a.Other")), contract: null);

        foreach (var call in new[] { early, contract.UnaryAsync(new Text(), cancellationToken: Token).AsTask() })
        {
            var failure = await Assert.ThrowsAsync<RpcException>(() => call.Within());
            Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
            Assert.Contains("does not offer 'plugwire.tests.echo.v1.Echo'. It offers: a.Other, b.Other.", failure.Status.Detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("starting")]
    [InlineData("start")]
    [InlineData("started")]
    public async Task Call_InAStepOfTheStart_FailsAtOnceWithAdvice(string step)
    {
        var service = new Asking(step);
        await using var plugin = await StartAsync(builder => builder.Services.AddSingleton<IHostedService>(services =>
        {
            service.Host = services.GetRequiredService<IEcho>();
            return service;
        }));

        var failure = Assert.IsType<RpcException>(service.Failure);
        Assert.Equal(StatusCode.FailedPrecondition, failure.StatusCode);
        Assert.Contains("BackgroundService", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_OfABackgroundServiceThatBeginsWithIt_WaitsForTheHost()
    {
        var answered = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var plugin = await StartAsync(builder => builder.Services.AddHostedService(services => new Polling(services.GetRequiredService<IEcho>(), answered)));
        Assert.False(answered.Task.IsCompleted);

        await using var host = await FakeHost.ConnectAsync(plugin, new HostEcho());

        Assert.Equal("POLL", await answered.Task.Within());
    }

    [Fact]
    public async Task Stop_WhileACallNeedsTheHost_LetsItHaveTheHost()
    {
        await using var plugin = await StartAsync();
        await using var host = await FakeHost.ConnectAsync(plugin, new HostEcho());
        using var call = new Echo.EchoClient(plugin.Invoker).UnaryAsync(new Text { Value = "wait" }, cancellationToken: Token);
        await _gate.Reached;

        var stop = plugin.StopAsync(LongDrain);
        Assert.False(stop.IsCompleted);
        Assert.False(host.Closed.IsCompleted);
        _gate.Open();

        Assert.Equal("WAIT", (await call.ResponseAsync.Within()).Value);
        await stop.Within();
        await host.Closed.Within();
    }

    [Fact]
    public async Task Stop_OfAHostedServiceThatTellsTheHost_ReachesIt()
    {
        var service = new Asking("stop");
        var plugin = await StartAsync(builder => builder.Services.AddSingleton<IHostedService>(services =>
        {
            service.Host = services.GetRequiredService<IEcho>();
            return service;
        }));
        await using var host = await FakeHost.ConnectAsync(plugin, new HostEcho());

        await plugin.StopAsync(LongDrain).Within();

        Assert.Null(service.Failure);
        Assert.Equal("FAREWELL", service.Answer);
        await host.Closed.Within();
        await plugin.DisposeAsync();
    }

    [Fact]
    public async Task Call_AfterThePluginsEnd_IsUnavailableAndSaysWhy()
    {
        await using var plugin = await StartAsync();
        var contract = plugin.Application.GetHostContract<IEcho>();
        await using var host = await FakeHost.ConnectAsync(plugin, new HostEcho());
        await contract.UnaryAsync(new Text(), cancellationToken: Token).AsTask().Within();

        await plugin.StopAsync(LongDrain).Within();

        var failure = await Assert.ThrowsAsync<RpcException>(() => contract.UnaryAsync(new Text(), cancellationToken: Token).AsTask().Within());
        Assert.Equal((StatusCode.Unavailable, "The plugin has stopped."), (failure.StatusCode, failure.Status.Detail));
    }

    [Fact]
    public async Task Host_ThatClosesItsConnection_EndsCallsWithTheReasonAndIsLogged()
    {
        await using var plugin = await StartAsync();
        var holding = new HoldingEcho();
        var host = await FakeHost.ConnectAsync(plugin, holding);
        var call = plugin.Application.GetHostContract<IEcho>().UnaryAsync(new Text(), cancellationToken: Token).AsTask();
        await holding.Reached.Within();

        await host.DisposeAsync();

        var failure = await Assert.ThrowsAsync<RpcException>(() => call.Within());
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Contains("The host has closed the connection", failure.Status.Detail, StringComparison.Ordinal);
        await holding.Cancelled.Within();
        await plugin.StopAsync(LongDrain).Within();
        Assert.Contains("HostConnectionLost", _launch.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_ThatAnnouncesASecondConnection_IsRefused()
    {
        await using var plugin = await StartAsync();
        await using var host = await FakeHost.ConnectAsync(plugin, new HostEcho());
        await plugin.Application.GetHostContract<IEcho>().UnaryAsync(new Text(), cancellationToken: Token).AsTask().Within();

        var failure = await Assert.ThrowsAsync<RpcException>(() => FakeHost.AnnounceAsync(plugin));

        Assert.Equal(StatusCode.FailedPrecondition, failure.StatusCode);
        Assert.Contains("already", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_ThatAnnouncesItselfWhileThePluginStops_IsRefused()
    {
        await using var plugin = await StartAsync(builder => builder.Services.AddSingleton<IEcho, HostEcho>());
        using var waiting = new Echo.EchoClient(plugin.Invoker).UnaryAsync(new Text { Value = "wait" }, cancellationToken: Token);
        await _gate.Reached;
        var stop = plugin.StopAsync(LongDrain);

        Assert.False(plugin.Services.GetRequiredService<HostConnection>().TryAnnounce([], out _, out var refusal));

        Assert.Contains("stops", refusal, StringComparison.Ordinal);
        _gate.Open();
        await waiting.ResponseAsync.Within();
        await stop.Within();
    }

    private Task<ServedPlugin> StartAsync(Action<PluginApplicationBuilder>? configure = null) => ServedPlugin.StartAsync(_launch, builder =>
    {
        builder.Services.AddSingleton<TimeProvider>(_clock);
        builder.Services.AddSingleton(_gate);
        configure?.Invoke(builder);
        builder.UseHostContract<IEcho>().AddContract<IEcho, RelayEcho>();
    });

    private static async Task<List<string>> ReadAllAsync(IAsyncStreamReader<Text> stream)
    {
        var all = new List<string>();
        while (await stream.MoveNext(Token).Within())
            all.Add(stream.Current.Value);
        return all;
    }

    private static async Task<List<string>> ReadAllAsync(IAsyncEnumerable<Text> stream)
    {
        var all = new List<string>();
        await foreach (var text in stream)
            all.Add(text.Value);
        return all;
    }

    /// <summary>Asks the host in one step of its life.</summary>
    private sealed class Asking(string step) : IHostedLifecycleService
    {
        public IEcho Host { get; set; } = null!;

        public string? Answer { get; private set; }

        public Exception? Failure { get; private set; }

        public Task StartingAsync(CancellationToken cancellationToken) => AskAsync("starting", cancellationToken);

        public Task StartAsync(CancellationToken cancellationToken) => AskAsync("start", cancellationToken);

        public Task StartedAsync(CancellationToken cancellationToken) => AskAsync("started", cancellationToken);

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => AskAsync("stop", cancellationToken);

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        private async Task AskAsync(string reached, CancellationToken cancellationToken)
        {
            if (reached != step)
                return;

            try
            {
                Answer = (await Host.UnaryAsync(new Text { Value = "farewell" }, cancellationToken: cancellationToken)).Value;
            }
            catch (RpcException failure)
            {
                Failure = failure;
            }
        }
    }

    private sealed class Polling(IEcho host, TaskCompletionSource<string> answered) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken) =>
            answered.TrySetResult((await host.UnaryAsync(new Text { Value = "poll" }, cancellationToken: stoppingToken)).Value);
    }

    /// <summary>Holds a call until its token fires.</summary>
    private sealed class HoldingEcho : IEcho
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public Task Cancelled => _cancelled.Task;

        public async ValueTask<Text> UnaryAsync(Text request, CallContext call = default, CancellationToken cancellationToken = default)
        {
            _reached.TrySetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }
            finally
            {
                _cancelled.TrySetResult();
            }

            return request;
        }
    }
}
