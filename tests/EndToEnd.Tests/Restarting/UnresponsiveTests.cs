using Plugwire.EndToEnd.Tests.Processes;
using Plugwire.Hosting;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.EndToEnd.Tests.Restarting;

/// <summary>Plugins whose process lives and does not answer.</summary>
public sealed class UnresponsiveTests : PluginTest
{
    private const int Continue = 18;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Plugin_Frozen_IsNoticedEndedAndStartedAgain()
    {
        await using var plugin = await StartAsync(Watched());
        var client = plugin.CreateClient<Kinds.KindsClient>();
        var held = client.UnaryAsync(new Note { Hold = Hold.ForGood });
        await held.ResponseHeadersAsync.Within();

        Signals.Send(plugin.ProcessId, Signals.Stop);

        var failure = await Assert.ThrowsAsync<PluginCallException>(() => held.ResponseAsync.Within());
        Assert.Equal((PluginCallReason.Unresponsive, CallExecution.MaybeExecuted), (failure.Reason, failure.Execution));
        var status = await plugin.WatchStateAsync(Token).FirstAsync(status => status is { State: PluginState.Ready, Launch: > 1 }, Token).AsTask().Within();
        Assert.Contains(status.Faults, ended => ended.Exit is { Reason: PluginExitReason.Unresponsive, StopStep: PluginStopStep.Kill });
        await client.UnaryAsync(new Note()).ResponseAsync.Within();
    }

    [Fact]
    public async Task Plugin_FrozenWhileTheHostOnlyLooks_IsReportedAndReadyWhenItThaws()
    {
        var options = Watched();
        options.Health.EndsUnresponsive = false;
        await using var plugin = await StartAsync(options);
        await using var states = plugin.WatchStateAsync(Token).GetAsyncEnumerator(Token);
        Signals.Send(plugin.ProcessId, Signals.Stop);

        var frozen = await UntilAsync(states, status => status is { State: PluginState.Unresponsive, HealthProblem: { } problem } && problem.Contains("stopped by a signal", StringComparison.Ordinal));
        Signals.Send(plugin.ProcessId, Continue);
        var ready = await UntilAsync(states, status => status.State == PluginState.Ready);

        Assert.Equal(PluginHealth.Frozen, frozen.Health);
        Assert.Equal((1, PluginHealth.Serving), (ready.Launch, ready.Health));
    }

    [Fact]
    public async Task Handlers_ThatHeedNoToken_AreCountedAndEndThePluginOverTheLimit()
    {
        var options = Watched();
        options.Health.Timeout = TimeSpan.FromSeconds(60);
        options.Health.MaxDeafHandlers = 2;
        await using var plugin = await StartAsync(options);
        await using var states = plugin.WatchStateAsync(Token).GetAsyncEnumerator(Token);
        var client = plugin.CreateClient<Kinds.KindsClient>();
        for (var i = 0; i < 3; i++)
        {
            using var call = client.UnaryAsync(new Note { Hold = Hold.ForGood });
            await call.ResponseHeadersAsync.Within();
            if (i == 2)
                await UntilAsync(states, status => status is { DeafHandlers: 2, State: PluginState.Ready, Health: PluginHealth.Serving });
        }

        var ended = await UntilAsync(states, status => status.State == PluginState.BackingOff);
        Assert.Equal(PluginExitReason.Unresponsive, ended.LastExit!.Reason);
        await UntilAsync(states, status => status is { State: PluginState.Ready, Launch: 2, DeafHandlers: 0 });
    }

    private static async Task<PluginStatus> UntilAsync(IAsyncEnumerator<PluginStatus> states, Func<PluginStatus, bool> condition)
    {
        do
            Assert.True(await states.MoveNextAsync().AsTask().Within());
        while (!condition(states.Current));
        return states.Current;
    }

    private PluginOptions Watched()
    {
        var options = Faulty();
        options.Restart.Policy = PluginRestartPolicy.OnCrash;
        options.Restart.MaxRestarts = null;
        options.Restart.FirstDelay = TimeSpan.FromMilliseconds(1);
        options.Health.Interval = TimeSpan.FromMilliseconds(50);
        options.Health.Timeout = TimeSpan.FromSeconds(1);
        return options;
    }
}
