using Grpc.Core;
using Plugwire.EndToEnd.Tests.Processes;
using Plugwire.Hosting;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.EndToEnd.Tests.Restarting;

/// <summary>Plugins that end and are started again, with all that the application holds of them.</summary>
public sealed class RestartTests : PluginTest
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Plugin_KilledFromOutside_IsStartedAgainAndItsClientStaysGood()
    {
        await using var plugin = await StartAsync(Restarting());
        var client = plugin.CreateClient<Kinds.KindsClient>();
        var first = plugin.ProcessId;

        Signals.Send(first, Signals.Kill);
        await ReadyAsync(plugin, launch: 2);

        Assert.Equal("again", (await client.UnaryAsync(new Note { Text = "again" }).ResponseAsync.Within()).Text);
        Assert.NotEqual(first, plugin.ProcessId);
        var failure = Assert.Single(plugin.Status.Faults);
        Assert.Equal((1, PluginExitReason.Crashed, Signals.Kill), (failure.Launch, failure.Exit!.Reason, failure.Exit.Signal));
        Assert.False(plugin.Completion.IsCompleted);
    }

    [Fact]
    public async Task Calls_GoingOnWhenThePluginDies_FailOnceAndAreNotMadeAgain()
    {
        await using var plugin = await StartAsync(Restarting());
        var client = plugin.CreateClient<Kinds.KindsClient>();
        using var stream = client.ServerStream(new Note { Number = 1, Hold = Hold.ForGood });
        Assert.True(await stream.ResponseStream.MoveNext(Token).Within());
        var held = Enumerable.Range(0, 20).Select(_ => client.UnaryAsync(new Note { Hold = Hold.ForGood }).ResponseAsync).ToArray();

        Signals.Send(plugin.ProcessId, Signals.Kill);
        var failures = await Task.WhenAll(held.Select(call => Assert.ThrowsAsync<PluginCallException>(() => call.Within())));
        var last = await Assert.ThrowsAsync<PluginCallException>(() => stream.ResponseStream.MoveNext(Token).Within());

        Assert.All([.. failures, last], failure => Assert.Equal((PluginCallReason.PluginDied, Signals.Kill), (failure.Reason, failure.Signal)));
        Assert.Equal(CallExecution.MaybeExecuted, last.Execution);
        await ReadyAsync(plugin, launch: 2);
    }

    [Fact]
    public async Task Calls_BetweenTwoLaunches_FailAtOnceOrWaitForReady()
    {
        var options = Restarting();
        (options.Restart.FirstDelay, options.Restart.MaxDelay) = (TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        await using var plugin = await StartAsync(options);
        var client = plugin.CreateClient<Kinds.KindsClient>();
        Signals.Send(plugin.ProcessId, Signals.Kill);
        await UntilAsync(plugin, status => status.State == PluginState.BackingOff);

        var failure = await Assert.ThrowsAsync<PluginCallException>(() => client.UnaryAsync(new Note()).ResponseAsync.Within());
        var patient = client.UnaryAsync(new Note { Text = "patience" }, new CallOptions().WithWaitForReady());
        await plugin.RestartAsync(Token).Within();

        Assert.Equal((PluginCallReason.Restarting, CallExecution.NotSent, StatusCode.Unavailable), (failure.Reason, failure.Execution, failure.StatusCode));
        Assert.Equal(Signals.Kill, failure.Signal);
        Assert.Contains("is started again", failure.Message, StringComparison.Ordinal);
        Assert.Equal("patience", (await patient.ResponseAsync.Within()).Text);
    }

    [Fact]
    public async Task Plugin_ThatCrashesAgainAndAgain_IsQuarantinedUntilItIsRestarted()
    {
        var options = Restarting();
        options.Restart.MaxRestarts = 2;
        await using var plugin = await StartAsync(options);
        var client = plugin.CreateClient<Kinds.KindsClient>();
        for (var launch = 1; launch <= 3; launch++)
            Signals.Send(await ReadyAsync(plugin, launch), Signals.Kill);

        var status = await UntilAsync(plugin, status => status.State == PluginState.Quarantined);

        Assert.Equal([3, 2, 1], status.Faults.Select(failure => failure.Launch));
        foreach (var call in new[] { new CallOptions(), new CallOptions().WithWaitForReady() })
        {
            var failure = await Assert.ThrowsAsync<PluginCallException>(() => client.UnaryAsync(new Note(), call).ResponseAsync.Within());
            Assert.Equal((PluginCallReason.Quarantined, CallExecution.NotSent), (failure.Reason, failure.Execution));
        }

        await plugin.RestartAsync(Token).Within();
        Assert.Equal("out", (await client.UnaryAsync(new Note { Text = "out" }).ResponseAsync.Within()).Text);
    }

    [Fact]
    public async Task Plugin_ThatNoLongerStarts_IsQuarantinedWithTheReason()
    {
        var mark = Path.Combine(Root.Path, "mark");
        await File.WriteAllTextAsync(mark, "", Token);
        var options = Shell($"[ -e '{mark}' ] || {{ echo 'no mark' >&2; exit 3; }}; exec '{TestPrograms.Faulty}'");
        Restarting(options).Restart.MaxRestarts = 1;
        await using var plugin = await StartAsync(options);
        File.Delete(mark);

        Signals.Send(plugin.ProcessId, Signals.Kill);
        var status = await UntilAsync(plugin, status => status.State == PluginState.Quarantined);

        var failure = Assert.IsType<PluginStartException>(status.Faults[0].StartFailure);
        Assert.Equal((PluginStartReason.ExitedEarly, 3, "no mark\n"), (failure.Reason, failure.ExitCode, failure.StandardErrorTail));
        Assert.Equal(Signals.Kill, status.Faults[1].Exit!.Signal);
    }

    [Fact]
    public async Task RestartAsync_OfAPluginThatRuns_StopsItInOrderAndStartsIt()
    {
        await using var plugin = await StartAsync(Restarting());
        var client = plugin.CreateClient<Kinds.KindsClient>();
        var first = plugin.ProcessId;

        await plugin.RestartAsync(Token).Within();

        Assert.NotEqual(first, plugin.ProcessId);
        Assert.Equal((PluginExitReason.Stopped, PluginStopStep.Shutdown), (plugin.Status.LastExit!.Reason, plugin.Status.LastExit.StopStep));
        Assert.Empty(plugin.Status.Faults);
        await client.UnaryAsync(new Note()).ResponseAsync.Within();
    }

    [Fact]
    public async Task StopAsync_BetweenTwoLaunches_EndsAtOnceWithTheReportOfTheLast()
    {
        var options = Restarting();
        (options.Restart.FirstDelay, options.Restart.MaxDelay) = (TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        await using var plugin = await StartAsync(options);
        Signals.Send(plugin.ProcessId, Signals.Kill);
        await UntilAsync(plugin, status => status.State == PluginState.BackingOff);

        var exit = await plugin.StopAsync(Token).Within();

        Assert.Equal((PluginExitReason.Crashed, Signals.Kill), (exit.Reason, exit.Signal));
        Assert.Equal(PluginState.Stopped, plugin.State);
        Root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task PluginHost_WhosePluginCrashed_HandsOutTheSamePluginOnceItRunsAgain()
    {
        await using var host = new Hosting.PluginHost();
        host.Add("subject", Restarting());
        var contract = host.CreateClient<Kinds.KindsClient>("subject");
        var plugin = await host.GetAsync("subject", Token).Within();
        Signals.Send(plugin.ProcessId, Signals.Kill);
        await UntilAsync(plugin, status => status.State != PluginState.Ready);

        Assert.Same(plugin, await host.GetAsync("subject", Token).Within());
        Assert.Equal((PluginState.Ready, 2), (host.GetStatus("subject").State, host.GetStatus("subject").Launch));
        await contract.UnaryAsync(new Note()).ResponseAsync.Within();
    }

    [Fact]
    public async Task PluginHost_WhosePluginIsInQuarantine_SaysSoAndRestartsIt()
    {
        await using var host = new Hosting.PluginHost();
        var options = Restarting();
        options.Restart.MaxRestarts = 0;
        host.Add("subject", options);
        Assert.Equal(PluginState.Stopped, host.GetStatus("subject").State);
        var plugin = await host.GetAsync("subject", Token).Within();
        Signals.Send(plugin.ProcessId, Signals.Kill);
        await UntilAsync(plugin, status => status.State == PluginState.Quarantined);

        var failure = await Assert.ThrowsAsync<PluginUnavailableException>(() => host.GetAsync("subject", Token).Within());
        await host.RestartAsync("subject", Token).Within();

        Assert.Equal(PluginState.Quarantined, failure.Status.State);
        Assert.Same(plugin, await host.GetAsync("subject", Token).Within());
    }

    private static Task<PluginStatus> UntilAsync(Plugin plugin, Func<PluginStatus, bool> condition) => plugin.WatchStateAsync(Token).FirstAsync(condition, Token).AsTask().Within();

    private static async Task<int> ReadyAsync(Plugin plugin, int launch) =>
        (await UntilAsync(plugin, status => status.State == PluginState.Ready && status.Launch == launch)).ProcessId!.Value;

    private PluginOptions Restarting() => Restarting(Faulty());

    private static PluginOptions Restarting(PluginOptions options)
    {
        options.Restart.Policy = PluginRestartPolicy.OnCrash;
        options.Restart.FirstDelay = TimeSpan.FromMilliseconds(1);
        return options;
    }
}
