using Plugwire.Hosting;
using Plugwire.TestPlugins.Faulty;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.Testing.Tests.Faults.Processes;

/// <summary>Each fault happens at its point, and its host tells it from others.</summary>
public sealed class ProcessFaultTests
{
    private const int SigAbort = 6;
    private const int SigKill = 9;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("before-handshake", PluginStartReason.ExitedEarly, "")]
    [InlineData("during-handshake", PluginStartReason.BadHandshake, "1|1|unix|")]
    public async Task Exit_BeforeTheHandshakeIsWhole_IsARefusedStartWithItsCode(string point, PluginStartReason reason, string output)
    {
        var failure = await RefusedAsync(ProcessFault.Exit(FaultPoint.Parse(point), 7));

        Assert.Equal((PluginStartStage.Handshake, reason, 7), (failure.Stage, failure.Reason, failure.ExitCode));
        Assert.Contains($"at {point}: exit:7", failure.StandardErrorTail, StringComparison.Ordinal);
        Assert.StartsWith(output, failure.StandardOutput, StringComparison.Ordinal);
        Assert.DoesNotContain("|grpc|", failure.StandardOutput, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("before-handshake", "hang")]
    [InlineData("during-handshake", "hang")]
    [InlineData("before-handshake", "signal:19")]
    public async Task Standstill_BeforeTheHandshakeIsWhole_IsAnEndOfPatience(string point, string action)
    {
        // Time for the plugin to get there, and as much to hang.
        var failure = await RefusedAsync(new ProcessFault(FaultPoint.Parse(point), action), options => options.Host.StartTimeout = TimeSpan.FromSeconds(5));

        Assert.Equal((PluginStartStage.Handshake, PluginStartReason.TimedOut), (failure.Stage, failure.Reason));
    }

    [Theory]
    [InlineData("before-handshake")]
    [InlineData("during-handshake")]
    [InlineData("after-handshake")]
    public async Task Slowness_AroundTheHandshake_IsNoFault(string point)
    {
        await using var harness = await FaultyProgram.StartAsync(ProcessFault.Slow(FaultPoint.Parse(point), TimeSpan.FromMilliseconds(100)));

        await harness.Logs.WaitForAsync(record => record.Message.Contains($"at {point}: slow:100", StringComparison.Ordinal), Token);
        Assert.Equal("well", (await Kinds(harness).UnaryAsync(new Note { Text = "well" }, cancellationToken: Token).ResponseAsync.Within()).Text);
    }

    [Fact]
    public async Task Crash_WhileThePluginIsPutTogether_IsARefusedStartWithTheSignalAndTheException()
    {
        var failure = await RefusedAsync(ProcessFault.Crash(FaultPoint.BeforeHandshake, "out of luck"));

        Assert.Equal((PluginStartReason.ExitedEarly, SigAbort), (failure.Reason, failure.Signal));
        Assert.Contains("out of luck", failure.StandardErrorTail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Death_AfterTheHandshake_IsARefusedStartOrACrash()
    {
        try
        {
            await using var harness = await FaultyProgram.StartAsync(ProcessFault.Signal(FaultPoint.AfterHandshake, SigKill));
            harness.Logs.AllowErrors();
            Assert.Equal((PluginExitReason.Crashed, SigKill), await EndAsync(harness));
        }
        catch (PluginStartException failure)
        {
            // As a rule: it dies while the host connects.
            Assert.Equal((PluginStartReason.ExitedEarly, SigKill), (failure.Reason, failure.Signal));
            Assert.InRange(failure.Stage, PluginStartStage.Connect, PluginStartStage.Check);
        }
    }

    [Fact]
    public async Task Exit_DuringTheThirdCall_LetsTwoBeAnswered()
    {
        await using var harness = await FaultyProgram.StartAsync(ProcessFault.Exit(FaultPoint.Call(3), 9));
        harness.Logs.AllowErrors();
        var kinds = Kinds(harness);
        await kinds.UnaryAsync(new Note(), cancellationToken: Token).ResponseAsync.Within();
        await kinds.UnaryAsync(new Note(), cancellationToken: Token).ResponseAsync.Within();

        var failure = await Assert.ThrowsAsync<PluginCallException>(() => kinds.UnaryAsync(new Note(), cancellationToken: Token).ResponseAsync.Within());

        Assert.Equal((PluginCallReason.PluginDied, 9), (failure.Reason, failure.ExitCode));
        Assert.Contains("at call:3: exit:9", failure.StandardErrorTail, StringComparison.Ordinal);
        Assert.Equal((PluginExitReason.Crashed, null), await EndAsync(harness));
    }

    [Fact]
    public async Task Throw_DuringACall_IsThatCallsAlone()
    {
        await using var harness = await FaultyProgram.StartAsync(ProcessFault.Throw(FaultPoint.Call(1), "only this one"));
        harness.Logs.AllowErrors(record => record.Exception?.Contains("only this one", StringComparison.Ordinal) is true);
        var kinds = Kinds(harness);

        var failure = await Assert.ThrowsAsync<PluginCallException>(() => kinds.UnaryAsync(new Note(), cancellationToken: Token).ResponseAsync.Within());

        Assert.Equal(PluginCallReason.Status, failure.Reason);
        await kinds.UnaryAsync(new Note(), cancellationToken: Token).ResponseAsync.Within();
    }

    [Fact]
    public async Task Hang_DuringACall_HoldsUpThatCallAlone()
    {
        await using var harness = await FaultyProgram.StartAsync(ProcessFault.Slow(FaultPoint.Call(1), TimeSpan.FromMilliseconds(500)));
        var kinds = Kinds(harness);
        var slow = kinds.UnaryAsync(new Note { Text = "slow" }, cancellationToken: Token).ResponseAsync;
        await harness.Logs.WaitForAsync(record => record.Message.Contains("at call:1: slow", StringComparison.Ordinal), Token);

        await kinds.UnaryAsync(new Note(), cancellationToken: Token).ResponseAsync.Within();

        Assert.Equal("slow", (await slow.Within()).Text);
    }

    [Fact]
    public async Task Death_AfterTheSecondMessage_LetsItBeReadBefore()
    {
        await using var harness = await FaultyProgram.StartAsync(ProcessFault.Signal(FaultPoint.Message(4), SigKill));
        harness.Logs.AllowErrors();
        using var call = Kinds(harness).Duplex(cancellationToken: Token);

        await call.RequestStream.WriteAsync(new Note { Number = 1 }, Token).Within();
        Assert.True(await call.ResponseStream.MoveNext(Token).Within());
        await call.RequestStream.WriteAsync(new Note { Number = 2 }, Token).Within();

        // It may have left the process before its end, or not.
        var failure = await Assert.ThrowsAsync<PluginCallException>(async () =>
        {
            while (await call.ResponseStream.MoveNext(Token).Within())
                Assert.Equal(2, call.ResponseStream.Current.Number);
        });
        Assert.Equal((PluginCallReason.PluginDied, SigKill), (failure.Reason, failure.Signal));
        Assert.Contains("at message:4: signal:9", failure.StandardErrorTail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hang_DuringTheShutdown_IsEndedByForceAndToldByTheHarness()
    {
        var harness = await FaultyProgram.StartAsync(ProcessFault.Hang(FaultPoint.Shutdown), options =>
        {
            options.Host.DrainTimeout = TimeSpan.FromSeconds(1);
            options.Host.TerminateTimeout = TimeSpan.FromMilliseconds(300);
        });

        var left = await Assert.ThrowsAsync<ExpectationException>(() => harness.DisposeAsync().AsTask().Within());

        Assert.Contains("had to be killed", left.Message, StringComparison.Ordinal);
        Assert.Contains(harness.Logs.Records, record => record.Message.EndsWith("at shutdown: hang", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Exit_DuringTheShutdown_IsTheExitOfAStop()
    {
        var harness = await FaultyProgram.StartAsync(ProcessFault.Exit(FaultPoint.Shutdown, 4));

        var exit = await harness.Plugin.StopAsync(Token).Within();

        Assert.Equal((PluginExitReason.Stopped, 4), (exit.Reason, exit.ExitCode));
        var left = await Assert.ThrowsAsync<ExpectationException>(() => harness.DisposeAsync().AsTask().Within());
        Assert.Contains("stopped when it was asked to, but ended with exit code 4", left.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("print:1|1|unix|/tmp/another.sock|grpc|")]
    [InlineData("flood:16777216")]
    public async Task Output_AfterTheHandshake_KeepsNothingFromWorking(string action)
    {
        await using var harness = await FaultyProgram.StartAsync(new ProcessFault(FaultPoint.AfterHandshake, action));

        Assert.Equal("well", (await Kinds(harness).UnaryAsync(new Note { Text = "well" }, cancellationToken: Token).ResponseAsync.Within()).Text);
        await harness.Logs.WaitForAsync(record => record.Message.Contains(action[0] == 'p' ? "/tmp/another.sock" : "yyyyyyy", StringComparison.Ordinal), Token);
    }

    [Fact]
    public async Task Output_BeforeTheHandshake_IsARefusedStart()
    {
        var failure = await RefusedAsync(ProcessFault.Print(FaultPoint.BeforeHandshake, "Hello, world!"));

        Assert.Equal((PluginStartReason.BadHandshake, "Hello, world!"), (failure.Reason, failure.StandardOutput[..13]));
    }

    private static Kinds.KindsClient Kinds(PluginHarness harness) => harness.CreateClient<Kinds.KindsClient>();

    private static async Task<(PluginExitReason Reason, int? Signal)> EndAsync(PluginHarness harness)
    {
        var exit = await harness.Plugin.Completion.Within();
        return (exit.Reason, exit.Signal);
    }

    private static Task<PluginStartException> RefusedAsync(ProcessFault fault, Action<PluginHarnessOptions>? configure = null) => Assert.ThrowsAsync<PluginStartException>(async () =>
    {
        await using var harness = await FaultyProgram.StartAsync(fault, configure);
    });
}
