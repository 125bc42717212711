using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Examples.Inspect;
using Examples.Inspect.Walking;
using Examples.Inspect.Walking.Linux;

namespace Examples.Tests.Walking;

public sealed partial class LinuxTreeWalkerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public LinuxTreeWalkerTests() => Assert.SkipUnless(LinuxTreeWalker.IsSupported, "This walker is for 64-bit Linux.");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Walk_Tree_GivesEveryNameOnce()
    {
        for (var i = 0; i < 500; i++)
            _directory.Write($"d{i % 7}/e{i % 11}/f{i}", "x");
        _directory.Write(".hidden/.file", "x");

        var names = Walk().Select(entry => Encoding.UTF8.GetString(entry.Path)).ToList();

        Assert.Equal(501, names.Count);
        Assert.Equal(Directory.EnumerateFiles(_directory.Path, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(_directory.Path, path)).Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Walk_SpecialFiles_AreSkippedByTheirKind()
    {
        _directory.Write("file", "x");
        await Shell.RunAsync(_directory.Path, "mkfifo fifo; ln -s file symlink; ln -s . loop; ln -s nowhere dangling", Cancellation);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(_directory.Path, "socket")));

        var skipped = Walk().ToDictionary(entry => Encoding.UTF8.GetString(entry.Path), entry => entry.Skip);

        Assert.Equal(new Dictionary<string, SkipReason?>
        {
            ["file"] = null,
            ["fifo"] = SkipReason.Fifo,
            ["symlink"] = SkipReason.Symlink,
            ["loop"] = SkipReason.Symlink,
            ["dangling"] = SkipReason.Symlink,
            ["socket"] = SkipReason.Socket,
        }, skipped);
    }

    [Fact]
    public void Walk_Devices_AreSkipped()
    {
        using var walker = SourceTree.At("/dev").WalkFrom("null"u8.ToArray(), enterDirectory: false);
        Assert.True(walker.MoveNext(out var entry));
        Assert.Equal(SkipReason.Device, entry.Skip);
        Assert.False(walker.MoveNext(out _));
    }

    [Fact]
    public async Task Walk_NamesThatAreNotUtf8_AreReadAllTheSame()
    {
        await Shell.RunAsync(_directory.Path, """d="$(printf 'd\377')"; mkdir "$d"; printf 'TODO' > "$d/$(printf 'f\200\n')" """, Cancellation);

        using var walker = SourceTree.At(_directory.Path).Walk();
        Assert.True(walker.MoveNext(out var entry));
        Assert.Equal([(byte)'d', 0xFF, (byte)'/', (byte)'f', 0x80], entry.Path);
        Assert.Equal("TODO", ReadOpened(walker));
        Assert.False(walker.MoveNext(out _));
    }

    [Fact]
    public async Task Walk_TreeDeeperThanAnyPath_IsWalkedToItsEnd()
    {
        // 4,000 levels and 8,000 bytes of path: more than PATH_MAX, and more than the open files of many systems. Built from
        // its end: eight pieces, each moved into the next, and beside each a second branch.
        var step = string.Concat(Enumerable.Repeat("d/", 500));
        await Shell.RunAsync(_directory.Path, $"mkdir old; printf TODO > old/end; for i in 1 2 3 4 5 6 7 8; do mkdir -p new/{step} new/z; echo x > new/z/side; mv old/* new/{step}; rmdir old; mv new old; done", Cancellation);

        var found = new List<string>();
        using var walker = SourceTree.At(_directory.Path).Walk();
        while (walker.MoveNext(out var entry))
        {
            Assert.Null(entry.Skip);
            found.Add(ReadOpened(walker));
        }

        Assert.Equal(8, found.Count(text => text == "x\n"));
        Assert.Equal(1, found.Count(text => text == "TODO"));
        Assert.Equal(9, found.Count);
    }

    [Fact]
    public async Task Walk_WithoutPermission_SaysWhatCannotBeRead()
    {
        _directory.Write("closed/file", "x");
        _directory.Write("listed/file", "x");
        _directory.Write("listed/sub/file", "x");
        _directory.Write("unreadable", "x");
        _directory.Write("readable", "x");
        await Shell.RunAsync(_directory.Path, "chmod 755 .; chmod 000 closed unreadable; chmod 744 listed", Cancellation);

        var entries = await AsNobodyAsync(() =>
        {
            var entries = new Dictionary<string, SkipReason?>();
            using var walker = new LinuxTreeWalker(_directory.Path, [], enterDirectory: true, output: null);
            while (walker.MoveNext(out var entry))
            {
                var skip = entry.Skip;
                if (skip is null)
                {
                    var opened = walker.Open();
                    skip = opened.Handle is null ? opened.Skip : null;
                    opened.Handle?.Dispose();
                }

                entries.Add(Encoding.UTF8.GetString(entry.Path), skip);
            }

            return entries;
        });
        await Shell.RunAsync(_directory.Path, "chmod 755 closed listed", Cancellation);

        Assert.Equal(new Dictionary<string, SkipReason?>
        {
            ["closed"] = SkipReason.Unreadable,
            ["unreadable"] = SkipReason.Unreadable,
            ["listed/file"] = SkipReason.Unreadable,
            ["listed/sub"] = SkipReason.Unreadable,
            ["readable"] = null,
        }, entries);
    }

    [Fact]
    public void Walk_DirectoryMovedMeanwhile_IsToldAndTheRestIsWalked()
    {
        for (var i = 0; i < 3; i++)
            _directory.Write($"a/b{i}/file", "x");
        _directory.Write("c/file", "x");

        using var walker = SourceTree.At(_directory.Path).Walk();
        var entries = new List<TreeEntry>();
        while (walker.MoveNext(out var entry))
        {
            entries.Add(entry);
            if (Directory.Exists(Path.Combine(_directory.Path, "a")) && Encoding.UTF8.GetString(entry.Path).StartsWith("a/", StringComparison.Ordinal))
                Directory.Move(Path.Combine(_directory.Path, "a", "b" + (char)entry.Path[3]), Path.Combine(_directory.Path, "moved" + (char)entry.Path[3]));
        }

        // The moved directory leads back to another one; the way from the root leads to the right one.
        Assert.Equal(4, entries.Count(entry => entry.Skip is null && Encoding.UTF8.GetString(entry.Path) is var path && (path.StartsWith("a/", StringComparison.Ordinal) || path == "c/file")));
    }

    [Fact]
    public void WalkFrom_FileDirectoryOrNothing_GivesWhatIsThere()
    {
        _directory.Write("a/b/file", "x");
        _directory.Write("a/other", "x");

        Assert.Equal(["a/b/file"], WalkFrom("a/b/file", enterDirectory: false));
        Assert.Equal(["a/b/file"], WalkFrom("a/b", enterDirectory: true));
        Assert.Equal(["a/b/file", "a/other"], WalkFrom("a", enterDirectory: true).Order(StringComparer.Ordinal));
        Assert.Empty(WalkFrom("a", enterDirectory: false));
        Assert.Empty(WalkFrom("a/gone", enterDirectory: true));
        Assert.Empty(WalkFrom("gone/gone", enterDirectory: true));
    }

    [Fact]
    public void Open_FileThatThisRunWrites_IsNotOpened()
    {
        var output = _directory.Write("output", "TODO");
        var tree = SourceTree.At(_directory.Path);
        tree.OutputFile = output;

        using var walker = tree.Walk();
        Assert.True(walker.MoveNext(out _));
        Assert.Equal(SkipReason.Output, walker.Open().Skip);
    }

    [Fact]
    public void At_WhatIsNoDirectory_IsRefusedWithASentence()
    {
        var file = _directory.Write("file", "x");

        Assert.Equal($"'{file}' is a file: a directory is expected.", Assert.Throws<InspectException>(() => SourceTree.At(file)).Message);
        Assert.StartsWith($"There is no directory '{file}2'", Assert.Throws<InspectException>(() => SourceTree.At(file + "2")).Message, StringComparison.Ordinal);
    }

    private List<TreeEntry> Walk()
    {
        using var walker = SourceTree.At(_directory.Path).Walk();
        var entries = new List<TreeEntry>();
        while (walker.MoveNext(out var entry))
            entries.Add(entry);
        return entries;
    }

    private List<string> WalkFrom(string path, bool enterDirectory)
    {
        using var walker = SourceTree.At(_directory.Path).WalkFrom(Encoding.UTF8.GetBytes(path), enterDirectory);
        var paths = new List<string>();
        while (walker.MoveNext(out var entry))
        {
            Assert.Equal("x", ReadOpened(walker));
            paths.Add(Encoding.UTF8.GetString(entry.Path));
        }

        return paths;
    }

    private static string ReadOpened(ITreeWalker walker)
    {
        var opened = walker.Open();
        Assert.True(opened.Handle is not null, opened.Why);
        using var file = opened.Handle;
        var buffer = new byte[16];
        return Encoding.UTF8.GetString(buffer, 0, RandomAccess.Read(file, buffer, 0));
    }

    /// <summary>Runs on a thread of its own that the file system takes for nobody's: so permissions count for root too.</summary>
    private static async Task<T> AsNobodyAsync<T>(Func<T> work)
    {
        const uint Nobody = 65534;
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                if (Environment.IsPrivilegedProcess)
                    Assert.Equal(0, SetFileSystemUser(Nobody));
                done.SetResult(work());
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        });
        thread.IsBackground = true;
        thread.Start();
        return await done.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetFileSystemUser(uint user);
}
