using System.Security.Cryptography;
using Plugwire.EndToEnd.Tests.Processes;
using Plugwire.Hosting;
using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Launching;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.EndToEnd.Tests.LockedDoors;

/// <summary>Only the bytes run that the manifest lists.</summary>
public sealed class IntegrityTests : PluginTest
{
    [Fact]
    public async Task Manifest_OfThePluginAsItIs_RunsACopyThatGoesWithTheLaunch()
    {
        using var installed = Installation.OfFaulty();
        var options = Options(installed.Faulty);
        options.Integrity.Manifest = await installed.ListAsync();
        options.Integrity.ManifestSha256 = options.Integrity.Manifest.Sha256;

        await using var plugin = await StartAsync(options);

        var program = new FileInfo($"/proc/{plugin.ProcessId}/exe").LinkTarget!;
        Assert.StartsWith(Root.Path + "/", program, StringComparison.Ordinal);
        Assert.Contains($"/files-{options.Integrity.ManifestSha256[..16]}/", program, StringComparison.Ordinal);
        Assert.Equal(Path.GetDirectoryName(program), (await DescribeAsync(plugin)).WorkingDirectory);
        await Log.EntryAsync($"Plugin 'subject' is run from {Path.GetDirectoryName(program)}, a copy of {installed.Path} as the manifest with the SHA-256 {options.Integrity.ManifestSha256} has it.");
        Assert.DoesNotContain(installed.Path, await File.ReadAllTextAsync($"/proc/{plugin.ProcessId}/maps", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await plugin.StopAsync(TestContext.Current.CancellationToken).Within();
        Root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Manifest_OneByteChangedInAnyFile_IsRefusedByTheFilesNameAndNothingRuns()
    {
        using var installed = Installation.OfFaulty();
        var options = Options(installed.Faulty);
        options.Integrity.Manifest = await installed.ListAsync();
        Assert.True(options.Integrity.Manifest.Files.Count > 20);

        foreach (var file in options.Integrity.Manifest.Files)
        {
            var position = RandomNumberGenerator.GetInt32((int)file.Size);
            Flip(installed.PathOf(file.Path), position);
            var failure = Assert.IsType<PluginIntegrityException>(await RefusedAsync(options));
            Flip(installed.PathOf(file.Path), position);
            Assert.Equal((PluginStartStage.Copy, PluginStartReason.IntegrityViolation, file.Path), (failure.Stage, failure.Reason, failure.File));
            Root.AssertNothingIsLeft();
        }
    }

    [Fact]
    public async Task Manifest_EveryFileSwappedBetweenTheCheckAndTheStart_TheListedBytesRun()
    {
        using var installed = Installation.OfFaulty();
        var options = Options(installed.Faulty);
        options.Integrity.Manifest = await installed.ListAsync();
        var runner = new RunnerWithAMomentBefore(installed.WriteOver);
        options.Runner = runner;

        await using var plugin = await StartAsync(options);

        Assert.Equal("hello", (await plugin.CreateClient<Kinds.KindsClient>().UnaryAsync(new Note { Text = "hello" }).ResponseAsync.Within()).Text);
        Assert.True(runner.HasCome);
        Assert.Equal("This is the new version.", await File.ReadAllTextAsync(installed.Faulty, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Manifest_PluginCrashesAfterItsFilesWereReplaced_IsNotStartedAgain()
    {
        using var installed = Installation.OfFaulty();
        var options = Options(installed.Faulty);
        options.Integrity.Manifest = await installed.ListAsync();
        options.Restart.Policy = PluginRestartPolicy.OnCrash;
        await using var plugin = await StartAsync(options);

        installed.WriteOver();
        Signals.Send(plugin.ProcessId, Signals.Kill);
        await plugin.Completion.Within();

        Assert.Equal(PluginState.Faulted, plugin.State);
        Assert.IsType<PluginIntegrityException>(plugin.Status.Faults[0].StartFailure);
    }

    [Fact]
    public async Task Manifest_ProgramSwappedAgainAndAgainDuringStarts_NoUnlistedByteRuns()
    {
        // The listed one ends with 7, the other one leaves a trace.
        using var traces = Installation.OfFile("none", "");
        const string Listed = "#!/bin/sh\nexit 7 # ";
        var evil = $"#!/bin/sh\ntouch '{traces.PathOf("ran")}'; exit 8\n";
        var listed = Listed + new string('x', evil.Length - Listed.Length - 1) + "\n";
        using var installed = Installation.OfFile("plugin", listed);
        var options = Options(installed.PathOf("plugin"));
        options.Integrity.Manifest = await installed.ListAsync();

        using var end = new CancellationTokenSource();
        var swaps = Task.Factory.StartNew(
            () => SwapUntil(installed.PathOf("plugin"), traces.PathOf("next"), listed, evil, end.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var (ran, refused) = (0, 0);
        while (ran + refused < 300 || ran == 0 || refused == 0)
        {
            var failure = await RefusedAsync(options);
            Assert.NotEqual(8, failure.ExitCode);
            if (failure.ExitCode == 7)
                ran++;
            else if (failure is PluginIntegrityException)
                refused++;
        }

        await end.CancelAsync();
        Assert.True(await swaps.Within() > 0);
        Assert.False(File.Exists(traces.PathOf("ran")), "What the manifest does not list has run.");
    }

    [Theory]
    [InlineData("plugin.py", "python3", "import os, sys\nimport other\nprint(f'1|1|unix|{os.environ[\"TMPDIR\"]}/{other.NAME}|grpc|', flush=True)\nsys.stdin.read()\n", "other.py", "NAME = 'listed'\n")]
    [InlineData("plugin.js", "node", "console.log(`1|1|unix|${process.env.TMPDIR}/${require('./other.js').name}|grpc|`); process.stdin.resume();\n", "other.js", "exports.name = 'listed';\n")]
    public async Task Manifest_ScriptThatLoadsAnother_BothAreOfTheCopy(string name, string interpreter, string script, string otherName, string other)
    {
        Assert.SkipUnless(TestPrograms.IsOnPath(interpreter), $"There is no {interpreter} on this machine.");
        using var installed = Installation.OfFile(name, script);
        await File.WriteAllTextAsync(installed.PathOf(otherName), other, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(installed.PathOf(name), UnixFileMode.UserRead);
        var options = Options(installed.PathOf(name));
        options.Integrity.Manifest = await installed.ListAsync();
        options.Runner = new RunnerWithAMomentBefore(installed.Remove);

        // Nobody listens there: that the address is refused shows that both scripts have run.
        var failure = await RefusedAsync(options);

        Assert.Equal(PluginStartReason.AddressRefused, failure.Reason);
        Assert.Contains("/listed'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManifestFile_PinnedAndReplacedTogetherWithThePlugin_IsRefused()
    {
        using var installed = Installation.OfFile("plugin", "#!/bin/sh\nexit 7\n");
        var path = installed.PathOf(PluginManifest.FileName);
        var manifest = await installed.ListAsync();
        await manifest.WriteAsync(path, TestContext.Current.CancellationToken);
        var options = Options(installed.PathOf("plugin"));
        options.Integrity.ManifestFile = path;
        options.Integrity.ManifestSha256 = manifest.Sha256;
        Assert.Equal(7, (await RefusedAsync(options)).ExitCode);

        await File.WriteAllTextAsync(installed.PathOf("plugin"), "#!/bin/sh\nexit 8\n", TestContext.Current.CancellationToken);
        await (await installed.ListAsync()).WriteAsync(path, TestContext.Current.CancellationToken);
        var failure = Assert.IsType<PluginIntegrityException>(await RefusedAsync(options));

        Assert.Equal((path, PluginStartReason.IntegrityViolation), (failure.File, failure.Reason));
        Assert.Contains(manifest.Sha256, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManifestFile_MissingOrNoManifest_IsRefused()
    {
        using var installed = Installation.OfFile("plugin", "#!/bin/sh\nexit 7\n");
        var options = Options(installed.PathOf("plugin"));
        options.Integrity.ManifestFile = installed.PathOf(PluginManifest.FileName);

        Assert.Equal(options.Integrity.ManifestFile, Assert.IsType<PluginIntegrityException>(await RefusedAsync(options)).File);

        await File.WriteAllTextAsync(options.Integrity.ManifestFile, "{}", TestContext.Current.CancellationToken);
        Assert.Equal(options.Integrity.ManifestFile, Assert.IsType<PluginIntegrityException>(await RefusedAsync(options)).File);
    }

    [Fact]
    public async Task Manifest_ProgramThatItDoesNotMarkAsExecutable_SaysSo()
    {
        using var installed = Installation.OfFile("plugin", "#!/bin/sh\nexit 7\n");
        File.SetUnixFileMode(installed.PathOf("plugin"), UnixFileMode.UserRead);
        var options = Options(installed.PathOf("plugin"));
        options.Integrity.Manifest = await installed.ListAsync();
        File.SetUnixFileMode(installed.PathOf("plugin"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var failure = Assert.IsType<PluginIntegrityException>(await RefusedAsync(options));

        Assert.Equal("plugin", failure.File);
        Assert.Contains("and not as executable", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Directory_AboveTheProgram_IsWhatIsListedAndCopied()
    {
        using var installed = Installation.OfFile("setting", "listed");
        Directory.CreateDirectory(installed.PathOf("bin"));
        await File.WriteAllTextAsync(installed.PathOf("bin/plugin"), "#!/bin/sh\ntest \"$(cat ../setting)\" = listed && exit 7\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(installed.PathOf("bin/plugin"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var options = Options(installed.PathOf("bin/plugin"));
        options.Integrity.Directory = installed.Path;
        options.Integrity.Manifest = await installed.ListAsync();
        options.Runner = new RunnerWithAMomentBefore(installed.Remove);

        var failure = await RefusedAsync(options);

        Assert.Equal((PluginStartReason.ExitedEarly, 7), (failure.Reason, failure.ExitCode));
    }

    private static Task<Description> DescribeAsync(Plugin plugin) =>
        plugin.CreateClient<Faults.FaultsClient>().DescribeAsync(new DescribeRequest()).ResponseAsync.Within();

    private static int SwapUntil(string program, string next, string listed, string evil, CancellationToken end)
    {
        var swaps = 0;
        for (; !end.IsCancellationRequested; swaps++)
        {
            var text = swaps % 2 == 0 ? evil : listed;
            if (swaps % 4 < 2)
            {
                using var file = new FileStream(program, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                file.Write(System.Text.Encoding.UTF8.GetBytes(text));
            }
            else
            {
                File.WriteAllText(next, text);
                File.SetUnixFileMode(next, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                File.Move(next, program, overwrite: true);
            }
        }

        return swaps;
    }

    private static void Flip(string path, int position)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = position;
        var changed = (byte)(file.ReadByte() ^ 1);
        file.Position = position;
        file.WriteByte(changed);
    }

    /// <summary>Does something when all that is checked has been checked, and nothing has been started yet.</summary>
    private sealed class RunnerWithAMomentBefore(Action moment) : PluginRunner
    {
        public bool HasCome { get; private set; }

        public override Task<ChildProcess> StartAsync(ChildStart start, PluginStartAttempt attempt)
        {
            moment();
            HasCome = true;
            return base.StartAsync(start, attempt);
        }
    }
}
