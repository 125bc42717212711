using System.Diagnostics;
using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Launching;
using Plugwire.Hosting.Starting;
using Plugwire.Hosting.Tests.Launching;
using Plugwire.Hosting.Tests.Supervising;

namespace Plugwire.Hosting.Tests.Starting;

[Collection(AloneCollection.Name)]
public sealed class HangingStepTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StartAsync_ProgramOnAFileSystemThatHangs_FailsInTimeAndOthersStart()
    {
        using var plugin = new ScriptPlugin("");

        // To open a pipe that nobody writes to takes as long as a read from a server that is gone.
        var program = Path.Combine(plugin.Home, "hangs.py");
        using (var mkfifo = Process.Start("mkfifo", ["-m", "700", program]))
            await mkfifo.WaitForExitAsync(Token).WaitAsync(Shell.Limit, Token);
        plugin.Options.FileName = program;
        plugin.Options.Arguments.Clear();
        plugin.Options.StartTimeout = TimeSpan.FromSeconds(1);

        var failure = await Assert.ThrowsAsync<PluginStartException>(() => Plugin.StartAsync(plugin.Options, Token).WaitAsync(Shell.Limit, Token));

        Assert.Equal((PluginStartStage.Resolve, PluginStartReason.TimedOut), (failure.Stage, failure.Reason));
        Assert.Contains("1 s (StartTimeout): a call into the system does not come back. Steps of starts that hang so at present: 1.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, HangingSteps.Count);
        await using (var served = new ServedPlugin())
            await (await served.StartAsync()).DisposeAsync();
        await File.WriteAllTextAsync(program, "", Token).WaitAsync(Shell.Limit, Token);
        await Task.WhenAll(HangingSteps.All).WaitAsync(Shell.Limit, Token);
    }

    [Fact]
    public async Task StartAsync_ManifestOnAFileSystemThatHangs_FailsInTimeAndLeavesNothing()
    {
        using var plugin = new ScriptPlugin("");
        var manifest = Path.Combine(plugin.Home, "hangs.json");
        using (var mkfifo = Process.Start("mkfifo", [manifest]))
            await mkfifo.WaitForExitAsync(Token).WaitAsync(Shell.Limit, Token);
        plugin.Options.Integrity.ManifestFile = manifest;
        plugin.Options.StartTimeout = TimeSpan.FromSeconds(1);

        var failure = await Assert.ThrowsAsync<PluginStartException>(() => Plugin.StartAsync(plugin.Options, Token).WaitAsync(Shell.Limit, Token));

        Assert.Equal((PluginStartStage.Copy, PluginStartReason.TimedOut), (failure.Stage, failure.Reason));
        Assert.Empty(Directory.EnumerateFileSystemEntries(plugin.Options.LaunchDirectoryRoot!));
        var steps = HangingSteps.All;
        Assert.Equal(1, HangingSteps.Count);
        await File.WriteAllTextAsync(manifest, "", Token).WaitAsync(Shell.Limit, Token);
        await Task.WhenAll(steps).WaitAsync(Shell.Limit, Token);
    }

    [Fact]
    public async Task StartAsync_ProcessThatComesToLifeAfterTheStartWasGivenUp_IsEnded()
    {
        using var plugin = new ScriptPlugin("exec sleep 60");
        var runner = new LateRunner();
        plugin.Options.Runner = runner;
        plugin.Options.StartTimeout = TimeSpan.FromSeconds(1);

        var failure = await Assert.ThrowsAsync<PluginStartException>(() => Plugin.StartAsync(plugin.Options, Token).WaitAsync(Shell.Limit, Token));
        Assert.Equal((PluginStartStage.Spawn, PluginStartReason.TimedOut), (failure.Stage, failure.Reason));
        Assert.Empty(Directory.EnumerateFileSystemEntries(plugin.Options.LaunchDirectoryRoot!));
        var steps = HangingSteps.All;
        runner.Release.SetResult();
        await Task.WhenAll(steps).WaitAsync(Shell.Limit, Token);

        Assert.False(Shell.IsAlive(runner.ChildId));
    }

    /// <summary>Starts a child at last, of whatever the attempt has become.</summary>
    private sealed class LateRunner : PluginRunner
    {
        public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int ChildId { get; private set; }

        public override async Task<ChildProcess> StartAsync(ChildStart start, PluginStartAttempt attempt)
        {
            await Release.Task;
            var child = await ChildProcess.StartAsync(start with { WorkingDirectory = "/" }, Shell.Attempt());
            ChildId = child.Id;
            return child;
        }
    }
}
