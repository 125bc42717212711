using System.Diagnostics;
using Plugwire.Hosting.Tests.Launching;

namespace Plugwire.Hosting.Tests.Integrity;

public sealed class PrivateCopyTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly InstalledPlugin _plugin = new();

    public void Dispose() => _plugin.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Make_WithAndWithoutManifest_CopiesAllForTheOwnerAlone(bool listed)
    {
        var manifest = await _plugin.ListAsync();

        var copy = _plugin.Copy(listed ? manifest : null);

        Assert.Equal(manifest.Sha256, (await PluginManifest.CreateAsync(copy, InstalledPlugin.Token)).Sha256);
        Assert.Equal(_plugin.Copies, Path.GetDirectoryName(copy));
        Assert.All(Directory.EnumerateDirectories(copy, "*", SearchOption.AllDirectories).Append(copy), path => Assert.Equal(OwnerOnly, Mode(path)));
        Assert.All(
            Directory.EnumerateFiles(copy, "*", SearchOption.AllDirectories),
            path => Assert.Equal(Path.GetFileName(path) == "plugin" ? UnixFileMode.UserRead | UnixFileMode.UserExecute : UnixFileMode.UserRead, Mode(path)));
    }

    [Fact]
    public async Task Make_ManifestOfAnotherVersion_HasItsOwnDirectory()
    {
        var first = _plugin.Copy(await _plugin.ListAsync());
        _plugin.Write("library.dll", "new");

        var second = _plugin.Copy(await _plugin.ListAsync());

        Assert.NotEqual(first, second);
        Assert.Equal(200_000, new FileInfo(Path.Combine(first, "library.dll")).Length);
    }

    [Fact]
    public async Task Make_OneByteOfAnyFileChanged_IsRefusedByName()
    {
        var manifest = await _plugin.ListAsync();
        foreach (var file in manifest.Files.Where(file => file.Size > 0))
        {
            foreach (var position in new[] { 0, file.Size / 2, file.Size - 1 })
            {
                Flip(file.Path, position);
                Assert.Equal(file.Path, _plugin.Refuse(manifest).File);
                Flip(file.Path, position);
                Directory.Delete(Assert.Single(Directory.EnumerateDirectories(_plugin.Copies)), recursive: true);
            }
        }

        _plugin.Copy(manifest);
    }

    [Fact]
    public async Task Make_LongerShorterMissingOrFurtherFile_SaysWhatWasExpectedAndFound()
    {
        var manifest = await _plugin.ListAsync();
        Check(() => _plugin.Write("empty", "x"), "empty", "Expected: the file 'empty' with 0 bytes", "Found: a file that is longer.");
        _plugin.Write("empty", "");
        Check(() => _plugin.Write("de/library.resources.dll", "Hall"), "de/library.resources.dll", "with 5 bytes", "Found: 4 bytes.");
        _plugin.Write("de/library.resources.dll", "Hallo");
        Check(() => File.Delete(_plugin.PathOf("empty")), "empty", "Found: there is no file 'empty'.");
        _plugin.Write("empty", "");
        Check(() => _plugin.Write("de/evil.dll", ""), "de/evil.dll", "Found: the file 'de/evil.dll', which it does not list.");

        void Check(Action change, string file, params string[] sentences)
        {
            change();
            var refusal = _plugin.Refuse(manifest);
            Assert.Equal(file, refusal.File);
            Assert.All(sentences, sentence => Assert.Contains(sentence, refusal.Message, StringComparison.Ordinal));
            Directory.Delete(Assert.Single(Directory.EnumerateDirectories(_plugin.Copies)), recursive: true);
        }
    }

    [Fact]
    public async Task Make_LinkInPlaceOfAFile_IsRefusedThoughItsTargetHasTheBytes()
    {
        var manifest = await _plugin.ListAsync();
        File.Move(_plugin.PathOf("library.dll"), Path.Combine(_plugin.Copies, "elsewhere"));
        File.CreateSymbolicLink(_plugin.PathOf("library.dll"), Path.Combine(_plugin.Copies, "elsewhere"));

        var refusal = _plugin.Refuse(manifest);

        Assert.Equal("library.dll", refusal.File);
        Assert.Contains("Found: 'library.dll' is a link.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Make_LinkInPlaceOfADirectory_IsRefused()
    {
        var manifest = await _plugin.ListAsync();
        Directory.Move(_plugin.PathOf("de"), Path.Combine(_plugin.Copies, "elsewhere"));
        Directory.CreateSymbolicLink(_plugin.PathOf("de"), Path.Combine(_plugin.Copies, "elsewhere"));

        Assert.Equal("de", _plugin.Refuse(manifest).File);
    }

    [Fact]
    public async Task Make_PipeInPlaceOfAFile_IsRefusedAndDoesNotHang()
    {
        var manifest = await _plugin.ListAsync();
        File.Delete(_plugin.PathOf("library.dll"));
        using (var mkfifo = Process.Start("mkfifo", [_plugin.PathOf("library.dll")]))
            await mkfifo.WaitForExitAsync(InstalledPlugin.Token).WaitAsync(Shell.Limit, InstalledPlugin.Token);

        var refusal = await Task.Run(() => _plugin.Refuse(manifest), InstalledPlugin.Token).WaitAsync(Shell.Limit, InstalledPlugin.Token);

        Assert.Contains("'library.dll' is no file: a pipe, a socket or a device.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Make_FileWrittenInPlaceAfterwards_LeavesTheCopyAsItWas()
    {
        var manifest = await _plugin.ListAsync();
        var copy = _plugin.Copy(manifest);

        Flip("library.dll", 17);

        Assert.Equal(manifest.Sha256, (await PluginManifest.CreateAsync(copy, InstalledPlugin.Token)).Sha256);
    }

    [Fact]
    public async Task Make_AnyFileSwappedAtAnyMoment_IsAsListedOrRefused()
    {
        var manifest = await _plugin.ListAsync();
        var listed = await File.ReadAllBytesAsync(_plugin.PathOf("library.dll"), InstalledPlugin.Token);
        var next = Path.Combine(_plugin.Copies, "next");
        var (copied, refused) = (0, 0);
        while (copied + refused < 400 || copied == 0 || refused == 0)
        {
            var inPlace = Random.Shared.Next(2) == 0;
            var swap = Task.Run(
                () =>
                {
                    Thread.SpinWait(Random.Shared.Next(20_000));
                    var changed = listed.ToArray();
                    changed[Random.Shared.Next(changed.Length)] ^= 1;
                    File.WriteAllBytes(inPlace ? _plugin.PathOf("library.dll") : next, changed);
                    if (!inPlace)
                        File.Move(next, _plugin.PathOf("library.dll"), overwrite: true);
                },
                InstalledPlugin.Token);
            try
            {
                var copy = _plugin.Copy(manifest);
                Assert.Equal(manifest.Sha256, (await PluginManifest.CreateAsync(copy, InstalledPlugin.Token)).Sha256);
                copied++;
            }
            catch (PluginIntegrityException)
            {
                refused++;
            }

            await swap.WaitAsync(Shell.Limit, InstalledPlugin.Token);
            Directory.Delete(Assert.Single(Directory.EnumerateDirectories(_plugin.Copies)), recursive: true);
            await File.WriteAllBytesAsync(_plugin.PathOf("library.dll"), listed, InstalledPlugin.Token);
        }
    }

    [Fact]
    public void Make_LinkAndNoManifest_SaysThatItIsNotCopied()
    {
        File.CreateSymbolicLink(_plugin.PathOf("link"), "plugin");

        var refusal = Assert.Throws<PluginStartException>(() => _plugin.Copy(manifest: null));

        Assert.Equal((PluginStartStage.Copy, PluginStartReason.CopyFailed), (refusal.Stage, refusal.Reason));
        Assert.Contains("'link' is a link", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Make_NoSuchDirectory_SaysSo()
    {
        Directory.Delete(_plugin.Home, recursive: true);

        var refusal = Assert.Throws<PluginStartException>(() => _plugin.Copy(manifest: null));

        Assert.Equal(PluginStartReason.CopyFailed, refusal.Reason);
        Assert.Contains($"There is no directory '{_plugin.Home}'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Make_GivenUp_WritesNothing()
    {
        var manifest = await _plugin.ListAsync();

        Assert.ThrowsAny<OperationCanceledException>(() => _plugin.Copy(manifest, new CancellationToken(canceled: true)));

        Assert.Empty(Directory.EnumerateFiles(_plugin.Copies, "*", SearchOption.AllDirectories));
    }

    private static UnixFileMode Mode(string path) => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);

    private void Flip(string file, long position)
    {
        using var stream = new FileStream(_plugin.PathOf(file), FileMode.Open, FileAccess.ReadWrite);
        stream.Position = position;
        var changed = (byte)(stream.ReadByte() ^ 1);
        stream.Position = position;
        stream.WriteByte(changed);
    }
}
