using Grpc.Core;
using Microsoft.Extensions.Logging;
using Plugwire.EndToEnd.Tests.Processes;
using Plugwire.Hosting;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.EndToEnd.Tests.Crashing;

/// <summary>A plugin that dies while calls of all kinds are open.</summary>
public sealed class CrashTests : PluginTest
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(20);

    [Fact]
    [Trait("Fault", "F21")]
    public async Task Crash_BySigkill_EndsEveryCallWithTheSignal() =>
        await CrashAsync(new Death { Signal = Signals.Kill, LastWords = "what have I done" }, null, Signals.Kill, "was ended by SIGKILL (signal 9)", "what have I done");

    [Fact]
    public async Task Crash_ByAnExit_EndsEveryCallWithTheExitCode() =>
        await CrashAsync(new Death { ExitCode = 7, LastWords = "out of paper" }, 7, null, "exited with code 7", "out of paper");

    [Fact]
    public async Task Crash_ByAnUnhandledException_EndsEveryCallWithTheSignalAndTheException() =>
        await CrashAsync(
            new Death { UnhandledException = "nobody catches me" }, null, Signals.Abort, "was ended by SIGABRT (signal 6)", "System.InvalidOperationException: nobody catches me");

    [Fact]
    public async Task Crash_ByAnExitWithCodeZero_IsAnExit()
    {
        await using var plugin = await StartAsync(Faulty());

        var failure = await Assert.ThrowsAsync<PluginCallException>(
            () => plugin.CreateClient<Faults.FaultsClient>().DieAsync(new Death { ExitCode = 0 }).ResponseAsync.Within());

        Assert.Contains("exited with code 0", failure.Status.Detail, StringComparison.Ordinal);
        var exit = await plugin.Completion.Within();
        Assert.Equal((PluginExitReason.Exited, PluginStopStep.None, 0), (exit.Reason, exit.StopStep, exit.ExitCode));
    }

    [Fact]
    [Trait("Fault", "F04")]
    public async Task Crash_FromOutside_IsToldWithoutAnyCall()
    {
        await using var plugin = await StartAsync(Faulty());

        Signals.Send(plugin.ProcessId, Signals.Kill);

        var exit = await plugin.Completion.Within();
        Assert.Equal((PluginExitReason.Crashed, PluginStopStep.None, null, Signals.Kill), (exit.Reason, exit.StopStep, exit.ExitCode, exit.Signal));
        Assert.StartsWith($"Plugin 'subject' (process {plugin.ProcessId}) was ended by SIGKILL (signal 9) after ", exit.ToString(), StringComparison.Ordinal);
        Assert.Same(exit, await plugin.StopAsync(TestContext.Current.CancellationToken).Within());
        Root.AssertNothingIsLeft();
    }

    [Fact]
    [Trait("Fault", "F17")]
    public async Task Crash_LeavingAChildThatHoldsThePipes_IsToldAtOnceAndTheChildEnds()
    {
        await using var plugin = await StartAsync(Faulty());
        var faults = plugin.CreateClient<Faults.FaultsClient>();
        var child = await faults.StartChildAsync(new ChildRequest { OwnSession = true }).ResponseAsync.Within();

        Signals.Send(plugin.ProcessId, Signals.Kill);

        Assert.Equal(PluginExitReason.Crashed, (await plugin.Completion.Within()).Reason);
        Assert.False(ProcessEnd.IsAlive(child.ProcessId));
        Root.AssertNothingIsLeft();
    }

    private async Task CrashAsync(Death death, int? exitCode, int? signal, string how, string tail)
    {
        await using var plugin = await StartAsync(Faulty());
        var client = plugin.CreateClient<Kinds.KindsClient>();
        using var unary = client.UnaryAsync(new Note { Hold = Hold.ForGood });
        using var clientStream = client.ClientStream();
        using var serverStream = client.ServerStream(new Note { Number = 1, Hold = Hold.ForGood });
        using var duplex = client.Duplex();
        await Task.WhenAll(unary.ResponseHeadersAsync, clientStream.ResponseHeadersAsync).Within();
        await clientStream.RequestStream.WriteAsync(new Note(), TestContext.Current.CancellationToken).Within();
        await duplex.RequestStream.WriteAsync(new Note(), TestContext.Current.CancellationToken).Within();
        Assert.True(await serverStream.ResponseStream.MoveNext(TestContext.Current.CancellationToken).Within());
        Assert.True(await duplex.ResponseStream.MoveNext(TestContext.Current.CancellationToken).Within());

        var mortal = plugin.CreateClient<Faults.FaultsClient>().DieAsync(death).ResponseAsync;

        await AssertToldAsync(mortal);
        await AssertToldAsync(unary.ResponseAsync);
        await AssertToldAsync(clientStream.ResponseAsync);
        await AssertToldAsync(serverStream.ResponseStream.MoveNext(CancellationToken.None));
        await AssertToldAsync(duplex.ResponseStream.MoveNext(CancellationToken.None));
        await AssertToldAsync(clientStream.RequestStream.WriteAsync(new Note(), CancellationToken.None));
        await AssertToldAsync(duplex.RequestStream.WriteAsync(new Note(), CancellationToken.None));
        Assert.Equal(CallExecution.MaybeExecuted, (await Assert.ThrowsAsync<PluginCallException>(() => unary.ResponseAsync)).Execution);
        var afterwards = client.UnaryAsync(new Note()).ResponseAsync;
        await AssertToldAsync(afterwards);
        Assert.Equal(CallExecution.NotSent, (await Assert.ThrowsAsync<PluginCallException>(() => afterwards)).Execution);

        var exit = await plugin.Completion.Within();
        Assert.Equal((PluginExitReason.Crashed, PluginStopStep.None, exitCode, signal), (exit.Reason, exit.StopStep, exit.ExitCode, exit.Signal));
        Assert.Contains(tail, exit.StandardErrorTail, StringComparison.Ordinal);
        Assert.Contains(how, exit.ToString(), StringComparison.Ordinal);
        Assert.Contains(Log.Records, entry => entry.Level == LogLevel.Error && entry.Message.Contains(how, StringComparison.Ordinal));
        Root.AssertNothingIsLeft();

        async Task AssertToldAsync(Task call)
        {
            var failure = await Assert.ThrowsAsync<PluginCallException>(() => call.WaitAsync(AtOnce, TestContext.Current.CancellationToken));
            Assert.True(failure.StatusCode == StatusCode.Unavailable, failure.ToString());
            Assert.Equal((PluginCallReason.PluginDied, exitCode, signal), (failure.Reason, failure.ExitCode, failure.Signal));
            Assert.Contains(tail, failure.StandardErrorTail, StringComparison.Ordinal);
            Assert.Contains($"Plugin 'subject' (process {plugin.ProcessId}) {how}", failure.Status.Detail, StringComparison.Ordinal);
        }
    }
}
