using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Plugwire.Hosting.Connecting;
using Plugwire.Hosting.Tests.Launching;
using Plugwire.Testing;

namespace Plugwire.Hosting.Tests.Supervising.Model;

public sealed class SupervisorTests
{
    private static readonly int Races =
        int.TryParse(Environment.GetEnvironmentVariable("PLUGWIRE_RACES"), NumberStyles.None, CultureInfo.InvariantCulture, out var many) ? many : 300;

    private readonly ManualClock _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WatchState_OverALife_TellsEachStateAndEndsWithTheLast()
    {
        await using var plugin = new ScriptedPlugin(_clock, restart => restart.Policy = PluginRestartPolicy.Never);
        await plugin.SucceedAsync();
        await plugin.UntilAsync(PluginState.Ready);
        plugin.Run!.End(PluginExitReason.Crashed);

        Assert.Equal(PluginState.Draining, (await plugin.NextAsync()).State);
        var last = await plugin.NextAsync();
        Assert.Equal((PluginState.Faulted, null, PluginExitReason.Crashed), (last.State, last.ProcessId, last.LastExit!.Reason));
        Assert.Contains("There is no state after", (await Assert.ThrowsAsync<InvalidOperationException>(plugin.NextAsync)).Message, StringComparison.Ordinal);
        Assert.Same(last.LastExit, await plugin.Supervisor.Completion.WaitAsync(Shell.Limit, Token));
    }

    [Fact]
    public async Task Status_InQuarantine_HasTheHistoryWithTheLastFirst()
    {
        await using var plugin = new ScriptedPlugin(_clock, restart => (restart.MaxRestarts, restart.FirstDelay) = (1, TimeSpan.Zero));
        await plugin.SucceedAsync();
        plugin.Run!.End(PluginExitReason.Crashed);
        await plugin.FailAsync(PluginStartReason.TimedOut);

        var status = await plugin.UntilAsync(PluginState.Quarantined);

        Assert.Equal([2, 1], status.Faults.Select(failure => failure.Launch));
        Assert.IsType<PluginStartException>(status.Faults[0].StartFailure);
        Assert.Equal(PluginExitReason.Crashed, status.Faults[1].Exit!.Reason);
        Assert.Contains(nameof(Plugin.RestartAsync), status.ToString(), StringComparison.Ordinal);
        Assert.Contains("exited with code 1", status.ToString(), StringComparison.Ordinal);
        Assert.False(plugin.Supervisor.Completion.IsCompleted);
    }

    [Fact]
    public async Task WhenCallable_WithoutPatience_FailsWithTheStateAndWithPatienceWaitsForTheNextLaunch()
    {
        await using var plugin = new ScriptedPlugin(_clock);
        await plugin.SucceedAsync();
        plugin.Run!.End(PluginExitReason.Crashed);
        await plugin.UntilAsync(PluginState.BackingOff);

        var failure = await Assert.ThrowsAsync<PluginUnavailableException>(() => plugin.Supervisor.WhenCallableAsync(isPatient: false, Token).WaitAsync(Shell.Limit, Token));
        var waits = plugin.Supervisor.WhenCallableAsync(isPatient: true, Token);
        var restart = plugin.Supervisor.RestartAsync(Token);
        var next = await plugin.SucceedAsync();

        Assert.Equal(PluginState.BackingOff, failure.Status.State);
        Assert.Same(next, await waits.WaitAsync(Shell.Limit, Token));
        await restart.WaitAsync(Shell.Limit, Token);
    }

    [Fact]
    public async Task Restart_WhoseStartFails_SaysSo()
    {
        await using var plugin = new ScriptedPlugin(_clock);
        await plugin.SucceedAsync();
        await plugin.UntilAsync(PluginState.Ready);

        var restart = plugin.Supervisor.RestartAsync(Token);
        await plugin.FailAsync(PluginStartReason.NotFound);

        var failure = await Assert.ThrowsAsync<PluginUnavailableException>(() => restart.WaitAsync(Shell.Limit, Token));
        Assert.Equal((PluginState.Faulted, PluginStartReason.NotFound), (failure.Status.State, Assert.IsType<PluginStartException>(failure.InnerException).Reason));
    }

    [Fact]
    public async Task Plugin_ThatDoesNotAnswer_IsUnresponsiveThenEndedAndStartedAgain()
    {
        await using var plugin = new ScriptedPlugin(_clock, health: health => health.Interval = TimeSpan.FromSeconds(2));
        var run = await plugin.SucceedAsync();
        run.OnAsked = static token => new TaskCompletionSource<HealthAnswer>().Task.WaitAsync(token);
        await PassAsync(TimeSpan.FromSeconds(2));
        await PassAsync(TimeSpan.FromSeconds(1.5));
        await PassAsync(TimeSpan.FromSeconds(1.5));

        var unresponsive = await plugin.UntilAsync(PluginState.Unresponsive);
        Assert.Equal(PluginHealth.Frozen, unresponsive.Health);
        Assert.Contains("3.0 s", unresponsive.ToString(), StringComparison.Ordinal);
        Assert.Equal(PluginState.Draining, (await plugin.NextAsync()).State);
        var status = await plugin.NextAsync();
        Assert.Equal((PluginState.BackingOff, PluginExitReason.Unresponsive), (status.State, status.Faults[0].Exit!.Reason));
    }

    [Fact]
    [Trait("Fault", "F48")]
    public async Task Loop_ThatFailsItself_EndsThePluginAndIsFaulted()
    {
        await using var plugin = new ScriptedPlugin(new BrokenClock());
        var run = await plugin.SucceedAsync();
        run.End(PluginExitReason.Crashed);

        await plugin.UntilAsync(PluginState.Faulted);

        Assert.Equal(PluginExitReason.HostFailed, (await plugin.Supervisor.Completion.WaitAsync(Shell.Limit, Token)).Reason);
    }

    [Fact]
    public async Task Watchers_ThatDoNotRead_KeepTheLastStatesAndHoldUpNobody()
    {
        await using var plugin = new ScriptedPlugin(_clock, restart => (restart.MaxRestarts, restart.FirstDelay) = (null, TimeSpan.Zero));
        await using var sleeper = plugin.Supervisor.WatchAsync(Token).GetAsyncEnumerator(Token);
        Assert.True(await sleeper.MoveNextAsync());
        for (var i = 0; i < 100; i++)
        {
            (await plugin.SucceedAsync()).End(PluginExitReason.Crashed);
            await plugin.UntilAsync(PluginState.Starting);
        }

        await plugin.Supervisor.StopAsync(Token).WaitAsync(Shell.Limit, Token);

        var states = new List<PluginState>();
        while (await sleeper.MoveNextAsync().AsTask().WaitAsync(Shell.Limit, Token))
            states.Add(sleeper.Current.State);
        Assert.Equal((64, PluginState.Stopped), (states.Count, states[^1]));
    }

    /// <summary>All at once and from everywhere: whatever comes first, each call ends, no launch is left, and the state is final. <c>PLUGWIRE_RACES</c> says how often.</summary>
    [Fact]
    [Trait("Fault", "F36")]
    [Trait("Fault", "F37")]
    public async Task StartStopRestartCrashAndCancel_InAnyOrderFromAnyThread_EndAllAndLeaveNothing()
    {
        for (var seed = 1; seed <= Races; seed++)
        {
            var runs = new System.Collections.Concurrent.ConcurrentQueue<ScriptedRun>();
            await using var plugin = new RacingPlugin(runs);
            var workers = Enumerable.Range(0, 4).Select(worker => Task.Run(() => RaceAsync(plugin, runs, new Random((seed * 10) + worker)), Token)).ToArray();
            await Task.WhenAll(workers).WaitAsync(Shell.Limit, Token);
            await plugin.Supervisor.StopAsync(Token).WaitAsync(Shell.Limit, Token);

            Assert.True(plugin.Supervisor.Status.State is PluginState.Stopped or PluginState.Faulted, $"Seed {seed}: {plugin.Supervisor.Status}");
            Assert.All(runs, run => Assert.True(run.Completion.IsCompleted, $"Seed {seed}: a launch is left."));
        }
    }

    // As soon as the supervisor waits for just that long.
    private async Task PassAsync(TimeSpan time)
    {
        await _clock.WaitForTimerAsync(time, cancellationToken: Token);
        await _clock.AdvanceAsync(time, Token);
    }

    private static async Task RaceAsync(RacingPlugin plugin, IEnumerable<ScriptedRun> runs, Random random)
    {
        using var patience = new CancellationTokenSource();
        var waits = new List<Task>();
        for (var i = 0; i < 12; i++)
        {
            switch (random.Next(plugin.Supervisor.Status.Launch > 3 ? 7 : 6))
            {
                case 0:
                    waits.Add(plugin.Supervisor.RestartAsync(patience.Token));
                    break;
                case 1:
                    waits.Add(plugin.Supervisor.WhenCallableAsync(random.Next(2) == 0, patience.Token));
                    break;
                case 2:
                    runs.LastOrDefault()?.End(random.Next(2) == 0 ? PluginExitReason.Crashed : PluginExitReason.Disconnected);
                    break;
                case 6:
                    waits.Add(plugin.Supervisor.StopAsync(patience.Token));
                    break;
                default:
                    await Task.Yield();
                    break;
            }
        }

        await patience.CancelAsync();
        foreach (var wait in waits)
        {
            await wait.WaitAsync(Shell.Limit, Token).ContinueWith(static _ => { }, TaskScheduler.Default);
            Assert.True(wait is { IsCompletedSuccessfully: true } or { IsCanceled: true } || wait.Exception!.InnerException is PluginUnavailableException, wait.Exception?.ToString());
        }
    }

    private sealed class BrokenClock : FakeTimeProvider
    {
        public override DateTimeOffset GetUtcNow() => throw new InvalidOperationException("The clock is broken.");

        public override long GetTimestamp() => 0;
    }
}
