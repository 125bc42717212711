using Grpc.Core;
using Plugwire.Hosting;
using Plugwire.Testing.Tests.Harness;
using Plugwire.TestPlugins.Faulty.Contract;
using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Faults.Processes;

public sealed class PluginSignalsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_OfAProcess_IsACrashBySignal9ForItsCallsAndItsHost()
    {
        await using var harness = await FaultyProgram.StartAsync();
        harness.Logs.AllowErrors();
        using var call = harness.CreateClient<Kinds.KindsClient>().UnaryAsync(new Note { Hold = Hold.UntilCancelled }, cancellationToken: Token);
        await call.ResponseHeadersAsync.Within();

        harness.Plugin.Kill();

        var failure = await Assert.ThrowsAsync<PluginCallException>(() => call.ResponseAsync.Within());
        Assert.Equal((PluginCallReason.PluginDied, 9), (failure.Reason, failure.Signal));
        var exit = await harness.Plugin.Completion.Within();
        Assert.Equal((PluginExitReason.Crashed, 9), (exit.Reason, exit.Signal));
        Assert.False(Directory.Exists($"/proc/{harness.Plugin.ProcessId}"));
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Kill_InTheTestsProcess_IsACrashToo(PluginWay way)
    {
        await using var harness = await PluginHarness.StartAsync<EchoPlugin>(way, options => options.WriteToTestOutput(), Token);
        harness.Logs.AllowErrors();

        harness.Plugin.Kill();

        var exit = await harness.Plugin.Completion.Within();
        Assert.Equal((PluginExitReason.Crashed, 9), (exit.Reason, exit.Signal));
    }

    [Fact]
    public async Task FrozenProcess_AnswersNothing_UntilItIsThawed()
    {
        await using var harness = await FaultyProgram.StartAsync();
        var kinds = harness.CreateClient<Kinds.KindsClient>();

        await harness.Plugin.FreezeAsync(Token).Within();
        var held = kinds.UnaryAsync(new Note { Text = "held" }, cancellationToken: Token).ResponseAsync;
        var deadline = TimeProvider.System.GetUtcNow().AddMilliseconds(300).UtcDateTime;
        var late = await Assert.ThrowsAsync<PluginCallException>(() => kinds.UnaryAsync(new Note(), deadline: deadline, cancellationToken: Token).ResponseAsync.Within());
        Assert.Equal((StatusCode.DeadlineExceeded, false), (late.StatusCode, held.IsCompleted));

        harness.Plugin.Thaw();
        Assert.Equal("held", (await held.Within()).Text);
    }

    [Fact]
    public async Task FrozenProcess_CanBeKilled()
    {
        await using var harness = await FaultyProgram.StartAsync();
        harness.Logs.AllowErrors();

        await harness.Plugin.FreezeAsync(Token).Within();
        harness.Plugin.Kill();

        Assert.Equal(9, (await harness.Plugin.Completion.Within()).Signal);
    }

    [Fact]
    public async Task FrozenProcess_ThatIsStopped_IsKilledWithinTheBudgetsAndToldByTheHarness()
    {
        var harness = await FaultyProgram.StartAsync(configure: options => options.Host.DrainTimeout = options.Host.TerminateTimeout = TimeSpan.FromMilliseconds(300));

        await harness.Plugin.FreezeAsync(Token).Within();

        var left = await Assert.ThrowsAsync<ExpectationException>(() => harness.DisposeAsync().AsTask().Within());
        Assert.Contains("had to be killed", left.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Freeze_InTheTestsProcess_IsRefused()
    {
        await using var harness = await PluginHarness.StartAsync<EchoPlugin>(cancellationToken: Token);

        var refusal = await Assert.ThrowsAsync<NotSupportedException>(() => harness.Plugin.FreezeAsync(Token));

        Assert.Contains("the test's own process", refusal.Message, StringComparison.Ordinal);
        await harness.GetContract<IEcho>().UnaryAsync(new Text(), cancellationToken: Token);
    }

    [Fact]
    public async Task Signals_ToAPluginThatHasEnded_HitNobody()
    {
        await using var harness = await FaultyProgram.StartAsync();
        await harness.Plugin.StopAsync(Token).Within();

        Assert.Contains("has ended", Assert.Throws<InvalidOperationException>(harness.Plugin.Kill).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(harness.Plugin.Thaw);
        await Assert.ThrowsAsync<InvalidOperationException>(() => harness.Plugin.FreezeAsync(Token));
    }
}
