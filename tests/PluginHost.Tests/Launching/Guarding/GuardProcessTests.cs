using System.Globalization;
using Plugwire.Hosting.Launching;
using Plugwire.Hosting.Launching.Guarding;
using Plugwire.Hosting.Launching.Posix;
using Plugwire.Hosting.Launching.Sweeping;
using static Plugwire.Hosting.Tests.Launching.Shell;

namespace Plugwire.Hosting.Tests.Launching.Guarding;

/// <summary>A guard whose host is gone: what it kills, and whom it spares. Its lines are written by hand.</summary>
public sealed class GuardProcessTests : IDisposable
{
    // No process has this number: to the guard its host is dead as soon as the pipe ends.
    private const int NoHost = 0;

    // So long that a test ends by it in nothing but a failure.
    private const int Ages = 10_000;

    private const int SigInterrupt = 2;
    private const int SigHangUp = 1;
    private const int SigQuit = 3;
    private const string OtherId = "a-launch-that-nothing-was-started-by";

    private readonly string _directory = Directory.CreateTempSubdirectory("guard tests ").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        if (Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task HostGone_PluginIgnoresTheTerminateSignal_ItsGroupIsKilled()
    {
        await using var child = await RunAsync("trap '' TERM; sh -c 'echo $$; exec sleep 1000' & while :; do sleep 1000; done");
        var other = int.Parse(await ReadLineAsync(child.StandardOutput), CultureInfo.InvariantCulture);

        await EndHostAsync(Guard(grace: 2), $"+ 1 {OtherId} \n= 1 {child.Id} {StartTimeOf(child)}\n");

        Assert.Equal(new ChildExit(null, LibC.SigKill), await child.Exited.WaitAsync(Limit, Token));
        await EndedAsync(other);
    }

    [Fact]
    public async Task HostGone_PluginHeedsTheTerminateSignal_HasTheTimeToEndByItself()
    {
        await using var child = await RunAsync("trap 'exit 7' TERM; echo ready; while :; do sleep 0.1; done");
        Assert.Equal("ready", await ReadLineAsync(child.StandardOutput));

        await EndHostAsync(Guard(Ages), $"+ 1 {OtherId} \n= 1 {child.Id} {StartTimeOf(child)}\n");

        Assert.Equal(new ChildExit(7, null), await child.Exited.WaitAsync(Limit, Token));
    }

    [Fact]
    public async Task HostGone_PluginIsFrozen_IsKilledWithoutAWait()
    {
        await using var child = await RunAsync("echo $$; exec sleep 1000");
        await ReadLineAsync(child.StandardOutput);
        Assert.True(child.TrySignal(19));

        await EndHostAsync(Guard(Ages), $"+ 1 {OtherId} \n= 1 {child.Id} {StartTimeOf(child)}\n");

        Assert.Equal(new ChildExit(null, LibC.SigKill), await child.Exited.WaitAsync(Limit, Token));
    }

    [Fact]
    public async Task HostGone_SystemHasNoneOfThePrograms_ItsGroupIsKilledByTheShellAlone()
    {
        await using var child = await RunAsync("trap '' TERM; echo ready; while :; do sleep 1000; done");
        Assert.Equal("ready", await ReadLineAsync(child.StandardOutput));

        await EndHostAsync(GuardProcess.Start("/bin/sh", NoHost, searchPath: "/nowhere"), $"+ 1 {OtherId} {_directory}\n= 1 {child.Id} {StartTimeOf(child)}\n");

        Assert.Equal(new ChildExit(null, LibC.SigKill), await child.Exited.WaitAsync(Limit, Token));
        Assert.True(Directory.Exists(_directory));
    }

    [Fact]
    public async Task HostGone_NumberIsAnotherProcessesMeanwhile_SparesIt()
    {
        await using var stranger = await RunAsync("exec sleep 1000");

        await EndHostAsync(Guard(grace: 1), $"+ 1 {OtherId} \n= 1 {stranger.Id} {ulong.Parse(StartTimeOf(stranger), CultureInfo.InvariantCulture) - 1}\n");

        Assert.False(stranger.Exited.IsCompleted);
        Assert.True(IsAlive(stranger.Id));
    }

    [Fact]
    public async Task HostGone_LeaderHasEndedAndIsReaped_RestOfItsGroupIsKilled()
    {
        // The outer shell reaps the leader, as whoever inherits the children of a dead host does.
        await using var outer = await RunAsync("setsid sh -c 'trap \"\" TERM; sh -c \"echo \\$\\$; exec sleep 1000\" & echo $$'; echo reaped; read line");
        var numbers = new[] { await ReadLineAsync(outer.StandardOutput), await ReadLineAsync(outer.StandardOutput), await ReadLineAsync(outer.StandardOutput) };
        Assert.Contains("reaped", numbers);
        var ids = numbers.Where(line => line != "reaped").Select(line => int.Parse(line, CultureInfo.InvariantCulture)).ToArray();
        var rest = Assert.Single(ids, IsAlive);
        var leader = Assert.Single(ids, id => id != rest);

        await EndHostAsync(Guard(grace: 2), $"+ 1 {OtherId} \n= 1 {leader} 1\n");

        Assert.False(IsAlive(rest));
        Assert.False(outer.Exited.IsCompleted);
    }

    [Fact]
    public async Task HostGone_BeforeTheGroupIsKnown_WhatBearsTheMarkIsKilledAndNothingElse()
    {
        const string Script = "setsid sh -c 'echo $$; exec sleep 1000' & wait";
        var mark = Guid.NewGuid().ToString("N");
        await using var marked = await ChildProcess.StartAsync(Start(Script, mark), Attempt());
        await using var neighbour = await ChildProcess.StartAsync(Start(Script, mark + "0"), Attempt());
        var (its, others) = (int.Parse(await ReadLineAsync(marked.StandardOutput), CultureInfo.InvariantCulture), int.Parse(await ReadLineAsync(neighbour.StandardOutput), CultureInfo.InvariantCulture));

        await EndHostAsync(Guard(Ages), $"+ 1 {mark} \n");

        Assert.Equal(new ChildExit(null, LibC.SigKill), await marked.Exited.WaitAsync(Limit, Token));
        Assert.False(IsAlive(its));
        Assert.True(IsAlive(others));
        Assert.False(neighbour.Exited.IsCompleted);
    }

    [Fact]
    public async Task HostGone_LaunchHasADirectory_IsRemovedWithAllInItAndNothingBehindALink()
    {
        var (launch, elsewhere) = (Directory.CreateDirectory(Path.Combine(_directory, "pw-a  b")).FullName, Directory.CreateDirectory(Path.Combine(_directory, "elsewhere")).FullName);
        await File.WriteAllTextAsync(Path.Combine(elsewhere, "kept"), "", Token);
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(launch, "deep")).FullName, "file"), "", Token);
        Directory.CreateSymbolicLink(Path.Combine(launch, "link"), elsewhere);

        await EndHostAsync(Guard(Ages), $"+ 1 {OtherId} {launch}\n");

        Assert.False(Directory.Exists(launch));
        Assert.True(File.Exists(Path.Combine(elsewhere, "kept")));
    }

    [Fact]
    public async Task HostGone_LaunchHadEnded_NothingOfItIsTouched()
    {
        await using var ended = await RunAsync("exec sleep 1000");
        await using var running = await RunAsync("exec sleep 1000");
        var launch = Directory.CreateDirectory(Path.Combine(_directory, "pw-ended")).FullName;
        var entries = $"+ 1 {OtherId} {launch}\n= 1 {ended.Id} {StartTimeOf(ended)}\n+ 2 {OtherId} \n= 2 {running.Id} {StartTimeOf(running)}\n+ 11 {OtherId} {launch}\n- 11\n- 1\n- 1\n";

        await EndHostAsync(Guard(grace: 1), entries);

        await running.Exited.WaitAsync(Limit, Token);
        Assert.False(ended.Exited.IsCompleted);
        Assert.True(Directory.Exists(launch));
    }

    [Fact]
    public async Task HostGone_HundredPlugins_AllAreEnded()
    {
        var children = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => RunAsync("exec sleep 1000")));
        using var guard = Guard(Ages);
        foreach (var (child, slot) in children.Select((child, index) => (child, index)))
            Assert.True(await guard.TryTellAsync($"+ {slot} {OtherId} \n= {slot} {child.Id} {StartTimeOf(child)}\n"));

        await EndHostAsync(guard);

        await Task.WhenAll(children.Select(child => child.Exited)).WaitAsync(Limit, Token);
        await Task.WhenAll(children.Select(child => child.DisposeAsync().AsTask())).WaitAsync(Limit, Token);
    }

    [Fact]
    public async Task HostLives_ItsEndOfThePipeIsLost_NobodyIsKilled()
    {
        await using var child = await RunAsync("exec sleep 1000");

        await EndHostAsync(GuardProcess.Start("/bin/sh", Environment.ProcessId, searchPath: null, grace: 1), $"+ 1 {OtherId} \n= 1 {child.Id} {StartTimeOf(child)}\n");

        Assert.False(child.Exited.IsCompleted);
    }

    [Fact]
    public async Task Guard_SignalsOfATerminalAndOfAShutdown_StaysAndDoesItsWork()
    {
        await using var child = await RunAsync("exec sleep 1000");
        using var guard = Guard(Ages);

        await FillAsync(guard);
        foreach (var signal in new[] { SigInterrupt, SigHangUp, SigQuit, LibC.SigTerm })
            Assert.Equal(0, LibC.Kill(-guard.Id, signal));
        await EndHostAsync(guard, $"+ 1 {OtherId} \n= 1 {child.Id} {StartTimeOf(child)}\n");

        Assert.Equal(new ChildExit(null, LibC.SigTerm), await child.Exited.WaitAsync(Limit, Token));
    }

    [Fact]
    public async Task Guard_OfItsHost_HasOnlyThePipe()
    {
        using var inheritable = new System.IO.Pipes.AnonymousPipeServerStream(System.IO.Pipes.PipeDirection.Out, HandleInheritability.Inheritable);
        using var guard = Guard(Ages);
        await FillAsync(guard);

        var descriptors = Directory.EnumerateFileSystemEntries($"/proc/{guard.Id}/fd").ToDictionary(path => Path.GetFileName(path), path => new FileInfo(path).LinkTarget!);

        Assert.Equal(["0", "1", "2"], descriptors.Keys.Order(StringComparer.Ordinal));
        Assert.StartsWith("pipe:", descriptors["0"], StringComparison.Ordinal);
        Assert.Equal(("/dev/null", "/dev/null"), (descriptors["1"], descriptors["2"]));
        Assert.Equal("/", new DirectoryInfo($"/proc/{guard.Id}/cwd").LinkTarget);
        Assert.Equal(guard.Id, LibC.GetProcessGroup(guard.Id));
        Assert.Equal(["LC_ALL", "PATH"], (await File.ReadAllTextAsync($"/proc/{guard.Id}/environ", Token)).Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('=')[0]).Order(StringComparer.Ordinal));
        guard.Dispose();
        await guard.Ended.WaitAsync(Limit, Token);
        Assert.False(Directory.Exists($"/proc/{guard.Id}"));
    }

    private static GuardProcess Guard(int grace) => GuardProcess.Start("/bin/sh", NoHost, Environment.GetEnvironmentVariable("PATH"), grace);

    // More than its pipe takes: by the end of that it has made itself ready, and reads.
    private static async Task FillAsync(GuardProcess guard)
    {
        for (var told = 0; told < 256 * 1024; told += 4000)
            Assert.True(await guard.TryTellAsync("# " + new string('x', 4000) + "\n"));
    }

    private static string StartTimeOf(ChildProcess child) => ProcessTable.StartTimeOf(child.Id)!;

    private static async Task EndHostAsync(GuardProcess guard, string? entry = null)
    {
        using (guard)
        {
            if (entry is not null)
                Assert.True(await guard.TryTellAsync(entry));
            guard.Release();
            await guard.Ended.WaitAsync(Limit, Token);
        }
    }
}
