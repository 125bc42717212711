using Grpc.Core;
using Plugwire.EndToEnd.Tests.Processes;
using Plugwire.Hosting;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.EndToEnd.Tests.Stopping;

/// <summary>Plugins that do not end when they are asked to.</summary>
public sealed class StopLadderTests : PluginTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    // Of a machine that is busy with other things.
    private static readonly TimeSpan ALittleMore = TimeSpan.FromSeconds(10);

    [Fact]
    [Trait("Fault", "F38")]
    public async Task Stop_HandlerIsDeaf_ThePluginCutsItsCallWhileTheHostIsPatient()
    {
        // The plugin itself would drain for ten minutes; a quarter of the host's time is left for its end, which is ample.
        var options = Faulty("--drain=600");
        options.DrainTimeout = TimeSpan.FromSeconds(8);
        await using var plugin = await StartAsync(options);
        using var call = plugin.CreateClient<Kinds.KindsClient>().UnaryAsync(new Note { Hold = Hold.ForGood });
        await call.ResponseHeadersAsync.Within();

        var exit = await plugin.StopAsync(TestContext.Current.CancellationToken).Within();

        Assert.Equal((PluginExitReason.Stopped, PluginStopStep.Shutdown, 0), (exit.Reason, exit.StopStep, exit.ExitCode));
        var failure = await Assert.ThrowsAsync<PluginCallException>(() => call.ResponseAsync.Within());
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Equal((PluginCallReason.StoppedByHost, CallExecution.MaybeExecuted), (failure.Reason, failure.Execution));
        Assert.Contains("The server is stopping", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Contains($"Plugin 'subject' (process {plugin.ProcessId}) was stopped by its host.", failure.Message, StringComparison.Ordinal);
        Root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Stop_HandlerHeeds_ItsCallIsCutByThePluginWithinTheDrain()
    {
        await using var plugin = await StartAsync(Faulty("--drain=0"));
        using var call = plugin.CreateClient<Kinds.KindsClient>().UnaryAsync(new Note { Hold = Hold.UntilCancelled });
        await call.ResponseHeadersAsync.Within();

        var exit = await plugin.StopAsync(TestContext.Current.CancellationToken).Within();

        Assert.Equal((PluginStopStep.Shutdown, 0), (exit.StopStep, exit.ExitCode));
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<PluginCallException>(() => call.ResponseAsync.Within())).StatusCode);
    }

    [Fact]
    public async Task Stop_CallsThatEndInTime_AreDrained()
    {
        await using var plugin = await StartAsync(Faulty());
        using var call = plugin.CreateClient<Kinds.KindsClient>().ClientStream();
        await call.ResponseHeadersAsync.Within();

        var stop = plugin.StopAsync(TestContext.Current.CancellationToken);
        await call.RequestStream.WriteAsync(new Note { Number = 5 }, TestContext.Current.CancellationToken).Within();
        await call.RequestStream.CompleteAsync().Within();

        Assert.Equal(5, (await call.ResponseAsync.Within()).Number);
        Assert.Equal((PluginStopStep.Shutdown, 0), ((await stop.Within()).StopStep, (await stop).ExitCode));
    }

    [Fact]
    [Trait("Fault", "F38")]
    public async Task Stop_ProcessStaysAfterItsShutdown_IsTerminated()
    {
        var options = Faulty("--deaf=shutdown");

        // Time for the shutdown on a busy machine, too: a signal that comes in the middle of it is still handled, and ends nothing.
        options.DrainTimeout = TimeSpan.FromSeconds(5);
        await using var plugin = await StartAsync(options);

        var exit = await plugin.StopAsync(TestContext.Current.CancellationToken).Within();

        // By the signal, which nobody handles any more.
        Assert.Equal((PluginStopStep.Terminate, null, Signals.Terminate), (exit.StopStep, exit.ExitCode, exit.Signal));
        Root.AssertNothingIsLeft();
    }

    [Fact]
    [Trait("Fault", "F38")]
    public async Task Stop_ProcessIgnoresTheSignalToo_IsKilled()
    {
        var options = Faulty("--deaf=signals");
        (options.DrainTimeout, options.TerminateTimeout) = (Patience, Patience);
        await using var plugin = await StartAsync(options);

        var exit = await AssertWithinBudgetAsync(plugin, options);

        Assert.Equal((PluginStopStep.Kill, null, Signals.Kill), (exit.StopStep, exit.ExitCode, exit.Signal));
        Root.AssertNothingIsLeft();
    }

    [Fact]
    [Trait("Fault", "F38")]
    public async Task Stop_ProcessIsFrozen_IsKilled()
    {
        var options = Faulty();
        (options.DrainTimeout, options.TerminateTimeout) = (Patience, Patience);
        await using var plugin = await StartAsync(options);
        using var call = plugin.CreateClient<Kinds.KindsClient>().UnaryAsync(new Note { Hold = Hold.ForGood });
        await call.ResponseHeadersAsync.Within();
        Signals.Send(plugin.ProcessId, Signals.Stop);

        var exit = await AssertWithinBudgetAsync(plugin, options);

        Assert.Equal((PluginExitReason.Stopped, PluginStopStep.Kill, Signals.Kill), (exit.Reason, exit.StopStep, exit.Signal));
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<PluginCallException>(() => call.ResponseAsync.Within())).StatusCode);
        Root.AssertNothingIsLeft();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Fault", "F17")]
    [Trait("Fault", "F33")]
    public async Task Stop_ChildOfThePluginHoldsItsPipes_EndsWithIt(bool ownSession)
    {
        var options = Faulty();
        await using var plugin = await StartAsync(options);
        var child = await plugin.CreateClient<Faults.FaultsClient>().StartChildAsync(new ChildRequest { OwnSession = ownSession }).ResponseAsync.Within();
        Assert.True(ProcessEnd.IsAlive(child.ProcessId));

        var exit = await plugin.StopAsync(TestContext.Current.CancellationToken).Within();

        Assert.Equal((PluginStopStep.Shutdown, 0), (exit.StopStep, exit.ExitCode));
        Assert.InRange(exit.Uptime, TimeSpan.Zero, TestLimit.Limit);
        Assert.False(ProcessEnd.IsAlive(child.ProcessId));
        Root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Stop_PatienceEnds_KillsAtOnce()
    {
        var options = Faulty("--deaf=signals");
        (options.DrainTimeout, options.TerminateTimeout) = (TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        await using var plugin = await StartAsync(options);
        using var patience = new CancellationTokenSource();
        var stop = plugin.StopAsync(patience.Token);

        await patience.CancelAsync();

        Assert.Equal((PluginExitReason.Stopped, PluginStopStep.Kill), ((await stop.Within()).Reason, (await stop).StopStep));
        Root.AssertNothingIsLeft();
    }

    [Fact]
    [Trait("Fault", "F37")]
    public async Task Stop_ManyTimesAtOnceAndAgain_IsOneStop()
    {
        var plugin = await StartAsync(Faulty());

        var stops = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => i % 2 == 0
            ? plugin.StopAsync(TestContext.Current.CancellationToken)
            : DisposeAsync())).Within();

        Assert.All(stops, exit => Assert.Same(stops[0], exit));
        Assert.Equal((PluginStopStep.Shutdown, 0), (stops[0].StopStep, stops[0].ExitCode));
        await plugin.DisposeAsync().Within();
        Assert.Same(stops[0], await plugin.StopAsync(TestContext.Current.CancellationToken).Within());

        async Task<PluginExit> DisposeAsync()
        {
            await plugin.DisposeAsync();
            Assert.True(plugin.Completion.IsCompletedSuccessfully);
            return await plugin.Completion;
        }
    }

    private static async Task<PluginExit> AssertWithinBudgetAsync(Plugin plugin, PluginOptions options)
    {
        var began = TimeProvider.System.GetTimestamp();
        var exit = await plugin.StopAsync(TestContext.Current.CancellationToken).Within();
        Assert.InRange(
            TimeProvider.System.GetElapsedTime(began),
            options.DrainTimeout + options.TerminateTimeout - TimeSpan.FromMilliseconds(50),
            options.DrainTimeout + options.TerminateTimeout + ALittleMore);
        return exit;
    }
}
