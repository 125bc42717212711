using Plugwire.EndToEnd.Tests.Processes;
using Plugwire.Hosting;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.EndToEnd.Tests.Crashing;

/// <summary>A plugin that ends at each stage of its life in each way: the host tells where, how, and what stood on standard error last.</summary>
public sealed class EveryStageTests : PluginTest
{
    private const int NoCode = -1;
    private const int NoSignal = 0;

    /// <summary>What the plugin does, and how it ends by that. The code 137 is no signal, though a shell shows signal 9 so.</summary>
    public static TheoryData<string, int, int> Deaths => new()
    {
        { "signal:9", NoCode, Signals.Kill },
        { "crash:nobody catches me", NoCode, Signals.Abort },
        { "exit:7", 7, NoSignal },
        { "exit:137", 137, NoSignal },
    };

    [Theory]
    [MemberData(nameof(Deaths))]
    [Trait("Fault", "F04")]
    public async Task Death_BeforeTheHandshake_IsARefusedStart(string action, int code, int signal) =>
        AssertEarly(await RefusedAsync(Faulty("--at=before-handshake", $"--do={action}")), PluginStartReason.ExitedEarly, action, code, signal);

    [Theory]
    [MemberData(nameof(Deaths))]
    [Trait("Fault", "F04")]
    public async Task Death_InTheMiddleOfTheHandshake_IsARefusedStart(string action, int code, int signal) =>
        AssertEarly(await RefusedAsync(Faulty("--at=during-handshake", $"--do={action}")), PluginStartReason.BadHandshake, action, code, signal);

    [Theory]
    [MemberData(nameof(Deaths))]
    [Trait("Fault", "F04")]
    public async Task Death_WhileTheHostConnects_IsARefusedStart(string action, int code, int signal)
    {
        // The whole of a handshake, and a socket that nobody serves: so the process ends before the host has got an answer, however busy the machine is.
        Assert.SkipUnless(TestPrograms.IsOnPath("python3"), "There is no python3 on this machine.");
        var death = action.StartsWith("exit:", StringComparison.Ordinal) ? $"os._exit({code})" : $"os.kill(os.getpid(), {signal})";
        var failure = await RefusedAsync(Options(
            "python3",
            "-c",
            $"""
            import os, socket, sys
            path = os.environ['TMPDIR'] + '/plugin.sock'
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(path)
            listener.listen()
            print('1|1|unix|' + path + '|grpc|', flush=True)
            listener.accept()
            print('connected: {action}', file=sys.stderr, flush=True)
            {death}
            """));

        Assert.Equal((PluginStartStage.Connect, PluginStartReason.ExitedEarly), (failure.Stage, failure.Reason));
        Assert.Equal((code == NoCode ? null : code, signal == NoSignal ? null : signal), (failure.ExitCode, failure.Signal));
        Assert.Contains($"connected: {action}", failure.StandardErrorTail, StringComparison.Ordinal);
        Root.AssertNothingIsLeft();
    }

    [Theory]
    [MemberData(nameof(Deaths))]
    [Trait("Fault", "F04")]
    public async Task Death_InACall_IsToldToTheCallAndInTheReport(string action, int code, int signal)
    {
        await using var plugin = await StartAsync(Faulty("--at=call:1", $"--do={action}"));

        var failure = await Assert.ThrowsAsync<PluginCallException>(() => plugin.CreateClient<Kinds.KindsClient>().UnaryAsync(new Note()).ResponseAsync.Within());

        await AssertCrashedAsync(plugin, failure, $"at call:1: {action}", code, signal);
    }

    [Theory]
    [MemberData(nameof(Deaths))]
    [Trait("Fault", "F04")]
    [Trait("Fault", "F21")]
    public async Task Death_InAStream_IsToldToTheStreamAndInTheReport(string action, int code, int signal)
    {
        await using var plugin = await StartAsync(Faulty("--at=message:3", $"--do={action}"));
        using var call = plugin.CreateClient<Kinds.KindsClient>().ServerStream(new Note { Number = 100, Hold = Hold.UntilCancelled });

        var failure = await Assert.ThrowsAsync<PluginCallException>(async () =>
        {
            while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).Within())
                Assert.InRange(call.ResponseStream.Current.Number, 0, 2);
        });

        await AssertCrashedAsync(plugin, failure, $"at message:3: {action}", code, signal);
    }

    [Theory]
    [MemberData(nameof(Deaths))]
    [Trait("Fault", "F04")]
    public async Task Death_WhileItIsStopped_IsTheEndOfTheStop(string action, int code, int signal)
    {
        await using var plugin = await StartAsync(Faulty("--at=shutdown", $"--do={action}"));

        var exit = await plugin.StopAsync(TestContext.Current.CancellationToken).Within();

        Assert.Equal((PluginExitReason.Stopped, PluginStopStep.Shutdown), (exit.Reason, exit.StopStep));
        AssertEnd(exit, $"at shutdown: {action}", code, signal);
    }

    private async Task AssertCrashedAsync(Plugin plugin, PluginCallException failure, string tail, int code, int signal)
    {
        Assert.Equal(PluginCallReason.PluginDied, failure.Reason);
        Assert.Equal((code == NoCode ? null : code, signal == NoSignal ? null : signal), (failure.ExitCode, failure.Signal));
        Assert.Contains(tail, failure.StandardErrorTail, StringComparison.Ordinal);
        var exit = await plugin.Completion.Within();
        Assert.Equal((PluginExitReason.Crashed, PluginStopStep.None), (exit.Reason, exit.StopStep));
        AssertEnd(exit, tail, code, signal);
    }

    private void AssertEnd(PluginExit exit, string tail, int code, int signal)
    {
        Assert.Equal((code == NoCode ? null : code, signal == NoSignal ? null : signal), (exit.ExitCode, exit.Signal));
        Assert.Contains(tail, exit.StandardErrorTail, StringComparison.Ordinal);
        Root.AssertNothingIsLeft();
    }

    private void AssertEarly(PluginStartException failure, PluginStartReason reason, string action, int code, int signal)
    {
        Assert.Equal((PluginStartStage.Handshake, reason), (failure.Stage, failure.Reason));
        Assert.Equal((code == NoCode ? null : code, signal == NoSignal ? null : signal), (failure.ExitCode, failure.Signal));
        Assert.Contains(action, failure.StandardErrorTail, StringComparison.Ordinal);
        Root.AssertNothingIsLeft();
    }
}
