using System.Globalization;
using Grpc.Core;
using Plugwire.Hosting;
using Plugwire.TestPlugins.Sample;
using Plugwire.TestPlugins.Sample.Contract;

namespace Plugwire.Testing.Tests.Harness;

/// <summary>What the disposal of a harness finds of a plugin's process.</summary>
public sealed class ProcessDisposalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Child_LeftRunning_IsFoundAndEnded()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are seen on Linux.");
        var harness = await StartAsync(new Mischief { LeaveChild = true });

        var failure = await Failure.OfDisposalAsync(harness);

        Assert.Contains("which the plugin has started, has outlived it; the host killed it", failure.Message, StringComparison.Ordinal);
        Assert.Contains("sleep 1000", failure.Message, StringComparison.Ordinal);
        var id = int.Parse(failure.Message.Split("the process ")[1].Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.False(await LivesAsync(id), $"The process {id} is left.");
    }

    [Fact]
    public async Task File_LeftInTheDirectoryForTemporaryFiles_IsFound()
    {
        var failure = await Failure.OfDisposalAsync(await StartAsync(new Mischief { LeaveFile = "left.txt" }));

        Assert.Contains("left.txt' in its launch directory; the host removed it", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plugin_ThatNeedsTheTerminateSignal_IsFound()
    {
        var failure = await Failure.OfDisposalAsync(await StartAsync(new Mischief { WaitForSignal = true }));

        Assert.Contains("did not stop when it was asked to, and took the terminate signal", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plugin_ThatHasToBeKilled_IsFound()
    {
        var failure = await Failure.OfDisposalAsync(await StartAsync(new Mischief { Hang = true }, options => options.Host.TerminateTimeout = TimeSpan.FromMilliseconds(200)));

        Assert.Contains("did not stop when it was asked to, and had to be killed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plugin_ThatEndsItsStopWithAnExitCode_IsFound()
    {
        var harness = await PluginHarness.StartAsync<SamplePlugin>(PluginWay.Process, cancellationToken: Token).Within();
        await harness.GetContract<ISample>().MisbehaveAsync(new Mischief { ExitCodeOfStop = 7 }, cancellationToken: Token);

        var failure = await Failure.OfDisposalAsync(harness);

        Assert.Contains("stopped when it was asked to, but ended with exit code 7", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Crash_ThatTheTestAllows_Passes()
    {
        await using var harness = await PluginHarness.StartAsync<SamplePlugin>(PluginWay.Process, cancellationToken: Token).Within();
        harness.Logs.AllowErrors();

        var failure = await Assert.ThrowsAsync<PluginCallException>(
            () => harness.GetContract<ISample>().MisbehaveAsync(new Mischief { ExitCode = 3 }, cancellationToken: Token).AsTask().Within());

        Assert.Equal((StatusCode.Unavailable, PluginCallReason.PluginDied), (failure.StatusCode, failure.Reason));
        Assert.Equal((PluginExitReason.Crashed, 3), (await harness.Plugin.Completion.Within()) is var exit ? (exit.Reason, exit.ExitCode) : default);
    }

    [Fact]
    public async Task Crash_ThatTheTestDoesNotAllow_IsFound()
    {
        var harness = await PluginHarness.StartAsync<SamplePlugin>(PluginWay.Process, cancellationToken: Token).Within();
        await Assert.ThrowsAsync<PluginCallException>(
            () => harness.GetContract<ISample>().MisbehaveAsync(new Mischief { ExitCode = 3 }, cancellationToken: Token).AsTask().Within());

        var failure = await Failure.OfDisposalAsync(harness);

        Assert.Contains("exited with code 3", failure.Message, StringComparison.Ordinal);
        Assert.Contains("an error was logged that the test has not allowed", failure.Message, StringComparison.Ordinal);
    }

    // Killed, it may be a zombie for as long as it pleases the process that inherits it.
    private static async Task<bool> LivesAsync(int processId)
    {
        var file = $"/proc/{processId}/stat";
        return File.Exists(file) && await File.ReadAllTextAsync(file, Token) is var stat && stat.Contains("(sleep)", StringComparison.Ordinal) && !stat.Contains(") Z ", StringComparison.Ordinal);
    }

    // Impatient only where the plugin is told to hang: it cannot stop in time, however long that is.
    private static async Task<PluginHarness> StartAsync(Mischief mischief, Action<PluginHarnessOptions>? configure = null)
    {
        var harness = await PluginHarness.StartAsync<SamplePlugin>(PluginWay.Process, options =>
        {
            if (mischief.WaitForSignal || mischief.Hang)
                options.Host.DrainTimeout = TimeSpan.FromMilliseconds(200);
            configure?.Invoke(options);
        }, Token).Within();
        await harness.GetContract<ISample>().MisbehaveAsync(mischief, cancellationToken: Token);
        return harness;
    }
}
