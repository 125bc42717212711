using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Plugwire.Hosting.Launching;
using Plugwire.Hosting.Launching.Litter;
using static Plugwire.Hosting.Tests.Launching.Shell;

namespace Plugwire.Hosting.Tests.Launching;

public sealed class DeadLaunchesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("dl-").FullName;
    private readonly FakeLogger _logger = new();

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Sweep_DirectoryWhoseHostIsDead_IsRemovedWithAllThatIsInIt()
    {
        var path = Dead("pw-abcdefgh");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(path, "s")));
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(path, "sub", "deeper")).FullName, "file"), "x");

        Sweep();

        Assert.False(Directory.Exists(path));
        var entry = Assert.Single(_logger.Collector.GetSnapshot());
        Assert.Equal((LogLevel.Information, $"The launch directory {path}, which a host that has died left behind, or one that had no time for all of it, is removed."), (entry.Level, entry.Message));
    }

    [Fact]
    public async Task Sweep_DirectoryOfALivingHost_IsLeftUntilItsLockIsFree()
    {
        await using var directory = LaunchDirectory.Create(_root, Attempt(), _logger);

        Sweep();

        Assert.True(File.Exists(Path.Combine(directory.Path, DeadLaunches.MarkName)));
        Assert.Equal(0, _logger.Collector.Count);
    }

    [Fact]
    public void Sweep_WhatOnlyHasSuchAName_IsLeft()
    {
        var settings = Directory.CreateDirectory(Path.Combine(_root, "pw-settings")).FullName;
        File.WriteAllText(Path.Combine(settings, "precious"), "");
        var other = Dead("pw-settings2");
        var file = Path.Combine(_root, "pw-aaaaaaaa");
        File.WriteAllText(file, "");
        Directory.CreateSymbolicLink(Path.Combine(_root, "pw-bbbbbbbb"), other);

        Sweep();

        Assert.True(File.Exists(Path.Combine(settings, "precious")));
        Assert.True(File.Exists(Path.Combine(other, DeadLaunches.MarkName)));
        Assert.True(File.Exists(file));
        Assert.True(Directory.Exists(Path.Combine(_root, "pw-bbbbbbbb")));
    }

    [Fact]
    public void Sweep_DirectoryThatWasNeverMarked_IsRemovedWhenItIsEmpty()
    {
        var path = Directory.CreateDirectory(Path.Combine(_root, "pw-abcdefgh")).FullName;

        Sweep();

        Assert.False(Directory.Exists(path));
    }

    [Fact]
    public void Sweep_EndedBeforeItsEnd_LeavesTheRestToTheNext()
    {
        var path = Dead("pw-abcdefgh");
        for (var i = 0; i < 20; i++)
            File.WriteAllText(Path.Combine(path, $"file{i}"), "");
        var asked = 0;

        DeadLaunches.Sweep(_root, () => ++asked <= 10, _logger);
        Assert.InRange(Directory.EnumerateFileSystemEntries(path).Count(), 2, 20);
        Sweep();

        Assert.False(Directory.Exists(path));
    }

    [Fact]
    public void Sweep_RootThatIsNotThere_IsNoFailure() => DeadLaunches.Sweep(Path.Combine(_root, "absent"), () => true, _logger);

    [Fact]
    public async Task Sweep_WhileHostsMakeDirectories_NoneIsTakenFromItsHost()
    {
        using var over = new CancellationTokenSource();
        var sweeper = Task.Factory.StartNew(
            () =>
            {
                while (!over.IsCancellationRequested)
                    DeadLaunches.Sweep(_root, () => true, _logger);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        await Parallel.ForAsync(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = TestContext.Current.CancellationToken }, async (_, token) =>
        {
            await using var directory = LaunchDirectory.Create(_root, Attempt(), _logger);
            await File.WriteAllTextAsync(Path.Combine(directory.Path, "settings"), "x", token);
            Assert.True(File.Exists(Path.Combine(directory.Path, DeadLaunches.MarkName)));
        }).WaitAsync(Limit, TestContext.Current.CancellationToken);
        await over.CancelAsync();
        await sweeper.WaitAsync(Limit, TestContext.Current.CancellationToken);

        Sweep();
        Assert.Empty(Directory.EnumerateFileSystemEntries(_root));
    }

    private string Dead(string name)
    {
        var path = Directory.CreateDirectory(Path.Combine(_root, name)).FullName;
        DeadLaunches.Mark(path);
        return path;
    }

    private void Sweep() => DeadLaunches.Sweep(_root, () => true, _logger);
}
