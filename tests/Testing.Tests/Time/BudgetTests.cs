using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Plugwire.Hosting;
using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Time;

/// <summary>The product's own budgets on a manual clock: each is spent at exactly its time, and none takes any.</summary>
public sealed class BudgetTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualClock _clock = new();
    private readonly WaitingHandler _handler = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deadline_OfACall_EndsItOnBothSidesAtItsTime()
    {
        await using var harness = await StartAsync().Within();
        var call = harness.GetContract<IEcho>().UnaryAsync(new Text(), new CallContext { Timeout = 5 * Second }, Token).AsTask();

        await _clock.AdvanceAsync((5 * Second) - Tick, Token).Within();
        Assert.True(_handler.Called.IsCompleted);
        Assert.False(_handler.Ended.IsCompleted);
        Assert.False(call.IsCompleted);
        await _clock.AdvanceAsync(Tick, Token).Within();

        Assert.True(call.IsCompleted);
        Assert.True(_handler.Ended.IsCompleted);
        Assert.Equal(CallCancellation.Deadline, await _handler.Ended);
        Assert.Equal(StatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<PluginCallException>(() => call)).StatusCode);
    }

    [Theory]
    [InlineData(3650)]
    [InlineData(-3650)]
    public async Task Deadline_WhenTheWallClockJumps_StaysWhereItWas(int days)
    {
        await using var harness = await StartAsync().Within();
        var call = harness.GetContract<IEcho>().UnaryAsync(new Text(), new CallContext { Timeout = 5 * Second }, Token).AsTask();
        await _clock.WaitForTimerAsync(5 * Second, count: 2, Token).Within();

        _clock.JumpWallClock(TimeSpan.FromDays(days));
        await _clock.AdvanceAsync((5 * Second) - Tick, Token).Within();
        Assert.False(call.IsCompleted);
        await _clock.AdvanceAsync(Tick, Token).Within();

        Assert.Equal(CallCancellation.Deadline, await _handler.Ended.Within());
        await Assert.ThrowsAsync<PluginCallException>(() => call.Within());
    }

    [Fact]
    public async Task StartTimeout_OfAPluginThatNeverComesToItsHandshake_FailsTheStartAtItsTime()
    {
        var never = new NeverStarted();
        var start = PluginHarness.StartAsync(
            plugin => plugin.Services.AddSingleton<IHostedService>(never), PluginWay.Memory,
            options =>
            {
                options.TimeProvider = _clock;
                options.Host.StartTimeout = 10 * Second;
            },
            Token);
        var began = _clock.GetTimestamp();
        await _clock.WaitForTimerAsync(10 * Second, cancellationToken: Token).Within();

        // The budget runs from the first step on: the handshake's turn has come when the plugin starts.
        await never.Reached.Within();

        await _clock.AdvanceAsync((10 * Second) - Tick, Token).Within();
        Assert.False(start.IsCompleted);
        await _clock.AdvanceAsync(Tick, Token).Within();

        var failure = await Assert.ThrowsAsync<PluginStartException>(() => start.Within());
        Assert.Equal((PluginStartStage.Handshake, PluginStartReason.TimedOut), (failure.Stage, failure.Reason));
        Assert.Contains("within 10 s (StartTimeout)", failure.Message, StringComparison.Ordinal);
        Assert.Equal(10 * Second, _clock.GetElapsedTime(began));
    }

    [Fact]
    public async Task ConnectTimeout_OfAPluginThatSaysNothing_FailsTheStartAtItsTime()
    {
        var start = Plugin.StartAsync(
            new PluginOptions("mute") { Runner = new MuteRunner(), TimeProvider = _clock, StartTimeout = 10 * Second, ConnectTimeout = 5 * Second }, Token);
        await _clock.WaitForTimerAsync(5 * Second, cancellationToken: Token).Within();

        await _clock.AdvanceAsync((5 * Second) - Tick, Token).Within();
        Assert.False(start.IsCompleted);
        await _clock.AdvanceAsync(Tick, Token).Within();

        var failure = await Assert.ThrowsAsync<PluginStartException>(() => start.Within());
        Assert.Equal((PluginStartStage.Connect, PluginStartReason.TimedOut), (failure.Stage, failure.Reason));
        Assert.Contains("within 5 s (ConnectTimeout)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drain_OfAPluginWithACallThatDoesNotEnd_CutsItAtThreeQuartersOfTheHostsPatience()
    {
        await using var harness = await StartAsync(options => options.Host.DrainTimeout = 4 * Second).Within();
        var call = harness.GetContract<IEcho>().UnaryAsync(new Text(), cancellationToken: Token).AsTask();
        await _handler.Called.Within();
        var stop = harness.Plugin.StopAsync(Token);
        await _clock.WaitForTimerAsync(3 * Second, cancellationToken: Token).Within();

        await _clock.AdvanceAsync((3 * Second) - Tick, Token).Within();
        Assert.False(_handler.Ended.IsCompleted);
        await _clock.AdvanceAsync(Tick, Token).Within();

        Assert.True(_handler.Ended.IsCompleted);
        Assert.Equal(CallCancellation.Stopping, await _handler.Ended);
        await Assert.ThrowsAsync<PluginCallException>(() => call.Within());
        var exit = await stop.Within();
        Assert.Equal((PluginStopStep.Shutdown, 3 * Second), (exit.StopStep, exit.Uptime));
    }

    [Fact]
    public async Task Stop_OfAPluginThatHeedsNothing_TerminatesAndKillsAtTheirTimes()
    {
        using var release = new ManualResetEventSlim();
        var harness = await StartAsync(options =>
        {
            options.Host.DrainTimeout = 5 * Second;
            options.Host.TerminateTimeout = 2 * Second;
        }).Within();
        using var deaf = harness.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => release.Wait());
        var stop = harness.Plugin.StopAsync(Token);
        await _clock.WaitForTimerAsync(5 * Second, cancellationToken: Token).Within();

        await _clock.AdvanceAsync((5 * Second) - Tick, Token).Within();
        harness.Logs.None(entry => entry.Message.Contains("It gets the terminate signal", StringComparison.Ordinal));
        await _clock.AdvanceAsync(Tick, Token).Within();
        harness.Logs.Single(entry => entry.Message.Contains("still runs 00:00:05 after it was asked to end. It gets the terminate signal", StringComparison.Ordinal));

        await _clock.AdvanceAsync((2 * Second) - Tick, Token).Within();
        Assert.False(stop.IsCompleted);
        await _clock.AdvanceAsync(Tick, Token).Within();
        var exit = await stop.Within();

        Assert.Equal((PluginStopStep.Kill, 9, 7 * Second), (exit.StopStep, exit.Signal, exit.Uptime));
        release.Set();
        var failure = await Assert.ThrowsAsync<ExpectationException>(() => harness.DisposeAsync().AsTask().Within());
        Assert.Contains("had to be killed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restart_AfterACrash_ComesWhenItsBackOffIsOver()
    {
        await using var harness = await StartAsync(options => options.Host.Restart.Policy = PluginRestartPolicy.OnCrash).Within();
        harness.Logs.AllowErrors(static entry => entry.Message.Contains("Crashed", StringComparison.Ordinal));
        harness.Plugin.Kill();
        var crashed = await StateAsync(harness.Plugin, PluginState.BackingOff);
        var delay = TimeSpan.FromMilliseconds(Math.Floor(crashed.NextStartIn!.Value.TotalMilliseconds));
        await _clock.WaitForTimerAsync(delay, cancellationToken: Token).Within();

        await _clock.AdvanceAsync(delay - Tick, Token).Within();
        Assert.Equal(PluginState.BackingOff, harness.Plugin.State);
        await _clock.AdvanceAsync(Tick, Token).Within();

        Assert.Equal(2, (await StateAsync(harness.Plugin, PluginState.Ready)).Launch);
        Assert.InRange(delay.TotalMilliseconds, 160, 240);
    }

    [Fact]
    public async Task Health_OfAPluginThatStandsStill_IsMissedAtItsTimeout()
    {
        var wire = new WireFaults();
        await using var harness = await StartAsync(options =>
        {
            options.Wire = wire;
            options.Host.Health.Interval = 2 * Second;
            options.Host.Health.EndsUnresponsive = false;
        }).Within();
        wire.BlackHole();

        await _clock.AdvanceAsync((5 * Second) - Tick, Token).Within();
        Assert.Equal(PluginState.Ready, harness.Plugin.State);
        await _clock.AdvanceAsync(Tick, Token).Within();
        var status = await StateAsync(harness.Plugin, PluginState.Unresponsive);

        wire.Heal();
        Assert.Equal(PluginHealth.Frozen, status.Health);
        Assert.Equal(1, (await StateAsync(harness.Plugin, PluginState.Ready)).Launch);
    }

    private static Task<PluginStatus> StateAsync(Plugin plugin, PluginState state) => plugin.WatchStateAsync(Token).FirstAsync(status => status.State == state, Token).AsTask().Within();

    private Task<PluginHarness> StartAsync(Action<PluginHarnessOptions>? configure = null) => PluginHarness.StartAsync(
        plugin => plugin.AddContract<IEcho, WaitingHandler>(), PluginWay.Memory,
        options =>
        {
            options.WriteToTestOutput();
            options.TimeProvider = _clock;
            options.ConfigurePlugin(plugin => plugin.Services.AddSingleton(_handler));
            configure?.Invoke(options);
        },
        Token);

    private sealed class NeverStarted : IHostedService
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            _reached.SetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
