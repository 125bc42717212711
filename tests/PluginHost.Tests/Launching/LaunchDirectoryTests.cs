using System.Net.Sockets;
using Microsoft.Extensions.Logging.Testing;
using Plugwire.Hosting.Launching;
using Plugwire.Testing;
using static Plugwire.Hosting.Tests.Launching.Shell;

namespace Plugwire.Hosting.Tests.Launching;

public sealed class LaunchDirectoryTests : IAsyncDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _base = Directory.CreateTempSubdirectory("ld-").FullName;
    private readonly FakeLogger _logger = new();
    private readonly LaunchDirectory _directory;

    public LaunchDirectoryTests() => _directory = LaunchDirectory.Create(_base, Attempt(), _logger);

    public async ValueTask DisposeAsync()
    {
        await _directory.DisposeAsync();
        Directory.Delete(_base, recursive: true);
    }

    [Fact]
    public async Task Create_Twice_MakesTwoPrivateDirectories()
    {
        await using var other = LaunchDirectory.Create(_base, Attempt(), _logger);

        Assert.NotEqual(_directory.Path, other.Path);
        Assert.Matches("^pw-[a-z2-7]{8}$", Path.GetFileName(other.Path));
        Assert.Equal(OwnerOnly, Mode(_directory.Path));
    }

    [Fact]
    public async Task Create_Directory_HasItsModeFromTheFirstAndIsNotGivenItAfterwards()
    {
        // The kernel tells of each change of a mode, in order: what was told when the last file is told of is all there was.
        var told = new System.Collections.Concurrent.ConcurrentQueue<(WatcherChangeTypes Change, string? Name)>();
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(_base) { NotifyFilter = NotifyFilters.Attributes | NotifyFilters.DirectoryName | NotifyFilters.FileName };
        watcher.Changed += (_, change) => told.Enqueue((change.ChangeType, change.Name));
        watcher.Created += (_, change) =>
        {
            told.Enqueue((change.ChangeType, change.Name));
            if (change.Name == "last")
                last.SetResult();
        };
        watcher.EnableRaisingEvents = true;

        await using var directory = LaunchDirectory.Create(_base, Attempt(), _logger);
        await File.WriteAllTextAsync(Path.Combine(_base, "last"), "", TestContext.Current.CancellationToken);
        await last.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);

        var name = Path.GetFileName(directory.Path);
        Assert.Equal([(WatcherChangeTypes.Created, name)], told.Where(change => change.Name == name));
        Assert.Equal(OwnerOnly, Mode(directory.Path));
    }

    [Fact]
    public async Task Create_RuntimeDirectoryOfTheUser_IsTaken()
    {
        SetMode(_base, OwnerOnly);

        await using var directory = LaunchDirectory.Create(null, Attempt(), _logger, name => name == "XDG_RUNTIME_DIR" ? _base : null);

        Assert.Equal(_base, Path.GetDirectoryName(directory.Path));
    }

    [Theory]
    [InlineData(0b111_101_101)]
    [InlineData(0b111_000_001)]
    public async Task Create_RuntimeDirectoryOpenToOthers_IsNotTaken(int mode)
    {
        SetMode(_base, (UnixFileMode)mode);

        await using var directory = LaunchDirectory.Create(null, Attempt(), _logger, name => name == "XDG_RUNTIME_DIR" ? _base : null);

        Assert.NotEqual(_base, Path.GetDirectoryName(directory.Path));
    }

    [Fact]
    public void Create_BaseTooLong_SaysHowLongItMayBe()
    {
        var parent = Directory.CreateDirectory(Path.Combine(_base, new string('x', 60))).FullName;

        var failure = Assert.Throws<PluginStartException>(() => LaunchDirectory.Create(parent, Attempt(), _logger));

        Assert.Equal((PluginStartStage.LaunchDirectory, PluginStartReason.LaunchDirectoryUnusable), (failure.Stage, failure.Reason));
        Assert.Contains($"is {parent.Length} bytes long", failure.Message, StringComparison.Ordinal);
        Assert.Contains("at most 48 bytes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "F29")]
    public void Create_BaseUnusable_SaysWhy()
    {
        var file = Path.Combine(_base, "file");
        File.WriteAllText(file, "");

        Assert.Contains("is a file.", Fails(file), StringComparison.Ordinal);
        Assert.Contains("there is no directory '/nowhere'.", Fails("/nowhere"), StringComparison.Ordinal);
        Assert.Contains("no directory could be made in '/proc'", Fails("/proc"), StringComparison.Ordinal);

        string Fails(string parent) => Assert.Throws<PluginStartException>(() => LaunchDirectory.Create(parent, Attempt(), _logger)).Message;
    }

    [Fact]
    public void AddVariables_NameTheDirectoryForSocketsAndTemporaryFiles()
    {
        var variables = new Dictionary<string, string>();

        _directory.AddVariables(variables);

        Assert.Equal(_directory.Path, variables["TMPDIR"]);
        Assert.Equal(_directory.Path, variables["PLUGIN_UNIX_SOCKET_DIR"]);
    }

    [Fact]
    public async Task WriteSettingsAsync_Settings_AreForTheUserAlone()
    {
        var path = await _directory.WriteSettingsAsync("{\"a\":1}"u8.ToArray(), Attempt(), TestContext.Current.CancellationToken);

        Assert.Equal("{\"a\":1}", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Mode(path));
    }

    [Fact]
    public async Task WriteSettingsAsync_DirectoryGone_SaysSo()
    {
        Directory.Delete(_directory.Path, recursive: true);

        var failure = await Assert.ThrowsAsync<PluginStartException>(() => _directory.WriteSettingsAsync(new byte[1], Attempt(), TestContext.Current.CancellationToken));

        Assert.Contains("settings.json' could not be written", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FindViolation_OwnSocket_IsFine()
    {
        using var inside = Listen(Path.Combine(_directory.Path, "s"));
        Directory.CreateDirectory(Path.Combine(_directory.Path, "sub"));
        using var below = Listen(Path.Combine(_directory.Path, "sub", "s"));

        Assert.Null(_directory.FindViolation(Path.Combine(_directory.Path, "s")));
        Assert.Null(_directory.FindViolation(Path.Combine(_directory.Path, "sub", "s")));
        Assert.Null(_directory.FindViolation(Path.Combine(_directory.Path, "sub", "..", "s")));
    }

    [Fact]
    public async Task FindViolation_BaseDirectoryIsReachedByALink_IsFine()
    {
        var link = Path.Combine(_base, "link");
        Directory.CreateSymbolicLink(link, Directory.CreateDirectory(Path.Combine(_base, "real")).FullName);
        await using var directory = LaunchDirectory.Create(link, Attempt(), _logger);
        using var socket = Listen(Path.Combine(directory.Path, "s"));

        Assert.Null(directory.FindViolation(Path.Combine(directory.Path, "s")));
    }

    [Fact]
    public void FindViolation_Elsewhere_IsRefused()
    {
        using var outside = Listen(Path.Combine(_base, "s"));
        var sibling = Directory.CreateDirectory(_directory.Path + "x").FullName;
        using var besides = Listen(Path.Combine(sibling, "s"));
        Directory.CreateSymbolicLink(Path.Combine(_directory.Path, "out"), _base);

        Assert.Contains("is not in the plugin's launch directory", _directory.FindViolation(Path.Combine(_base, "s")), StringComparison.Ordinal);
        Assert.Contains("is not in the plugin's launch directory", _directory.FindViolation(Path.Combine(sibling, "s")), StringComparison.Ordinal);
        Assert.Contains("is not in the plugin's launch directory", _directory.FindViolation(Path.Combine(_directory.Path, "..", "s")), StringComparison.Ordinal);
        Assert.Contains("is not in the plugin's launch directory", _directory.FindViolation(Path.Combine(_directory.Path, "out", "s")), StringComparison.Ordinal);
        Assert.Contains("is not in the plugin's launch directory", _directory.FindViolation("/"), StringComparison.Ordinal);
        Assert.Contains("is not in the plugin's launch directory", _directory.FindViolation(Path.Combine(_directory.Path, "absent", "s")), StringComparison.Ordinal);
    }

    [Fact]
    public void FindViolation_NoSocketOfOurs_IsRefused()
    {
        using var outside = Listen(Path.Combine(_base, "s"));
        File.CreateSymbolicLink(Path.Combine(_directory.Path, "link"), Path.Combine(_base, "s"));
        File.WriteAllText(Path.Combine(_directory.Path, "file"), "");

        Assert.Contains("is no socket", _directory.FindViolation(Path.Combine(_directory.Path, "link")), StringComparison.Ordinal);
        Assert.Contains("is no socket", _directory.FindViolation(Path.Combine(_directory.Path, "file")), StringComparison.Ordinal);
        Assert.Contains("is no socket", _directory.FindViolation(Path.Combine(_directory.Path, "..")), StringComparison.Ordinal);
        Assert.Contains("there is no socket", _directory.FindViolation(Path.Combine(_directory.Path, "absent")), StringComparison.Ordinal);
        Assert.Contains("is no absolute path", _directory.FindViolation("s"), StringComparison.Ordinal);
        Assert.Contains("is no absolute path", _directory.FindViolation(""), StringComparison.Ordinal);
        Assert.Contains("is no absolute path", _directory.FindViolation("@abstract"), StringComparison.Ordinal);
        Assert.Contains("is no absolute path", _directory.FindViolation("\0abstract"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispose_DirectoryIsFull_RemovesItAndFollowsNoLink()
    {
        var kept = Path.Combine(_base, "kept");
        await File.WriteAllTextAsync(kept, "", TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(Path.Combine(_directory.Path, "link"), kept);
        Directory.CreateSymbolicLink(Path.Combine(_directory.Path, "links"), _base);
        var closed = Directory.CreateDirectory(Path.Combine(_directory.Path, "closed")).FullName;
        await File.WriteAllTextAsync(Path.Combine(closed, "file"), "", TestContext.Current.CancellationToken);
        SetMode(closed, UnixFileMode.None);
        using (Listen(Path.Combine(_directory.Path, "s")))
        {
            await _directory.DisposeAsync();
            await _directory.DisposeAsync();
        }

        Assert.False(Directory.Exists(_directory.Path));
        Assert.True(File.Exists(kept));
        Assert.Equal(0, _logger.Collector.Count);
    }

    [Fact]
    public async Task Dispose_NamesThatAreNoText_RemovesThemAndFollowsNoLink()
    {
        var kept = Directory.CreateDirectory(Path.Combine(_base, "kept")).FullName;
        await File.WriteAllTextAsync(Path.Combine(kept, "file"), "", TestContext.Current.CancellationToken);
        await using (var shell = await Shell.RunAsync(
            $"""
            name=$(printf 'a\377')
            cd '{_directory.Path}' && mkdir -p "sub/$name" && touch "$name" "sub/$name/$name" && ln -s '{kept}' "sub/$name/link$name"
            """))
        {
            Assert.Equal(0, (await shell.Exited.WaitAsync(Shell.Limit, TestContext.Current.CancellationToken)).ExitCode);
        }

        await _directory.DisposeAsync();

        Assert.False(Directory.Exists(_directory.Path));
        Assert.True(File.Exists(Path.Combine(kept, "file")));
        Assert.Equal(0, _logger.Collector.Count);
    }

    [Fact]
    public async Task Dispose_MoreThanTheBudgetAllows_ReturnsAndTheRestIsRemovedInTheBackground()
    {
        using var logs = new RecordedLogs();
        var directory = LaunchDirectory.Create(_base, Attempt(), logs.CreateLogger("launch"));
        directory.RemovalBudget = TimeSpan.Zero;
        for (var i = 0; i < 1000; i++)
            await File.Create(Path.Combine(directory.Path, $"file{i}")).DisposeAsync();

        await directory.DisposeAsync();

        Assert.StartsWith($"The launch directory {directory.Path} has more in it than could be removed", logs.Records[0].Message, StringComparison.Ordinal);
        await logs.UntilAsync("is removed.");
        Assert.False(Directory.Exists(directory.Path));
    }

    private static Socket Listen(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    private static UnixFileMode Mode(string path) => OperatingSystem.IsWindows() ? OwnerOnly : File.GetUnixFileMode(path);

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
    }
}
