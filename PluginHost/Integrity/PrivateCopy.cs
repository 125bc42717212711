using Plugwire.Hosting.Launching.Posix;

namespace Plugwire.Hosting.Integrity;

/// <summary>
/// Copies a plugin's files into a directory that only this user can enter, and with a manifest refuses what it does not list. What the manifest vouches for is what was written: each file is opened once and read once.
/// </summary>
internal sealed class PrivateCopy
{
    private const UnixFileMode OwnerReads = UnixFileMode.UserRead;
    private const UnixFileMode OwnerRuns = UnixFileMode.UserRead | UnixFileMode.UserExecute;

    // Enough of a hash to tell versions apart when one looks at what a process runs.
    private const int DigitsInName = 16;

    private readonly string _source;
    private readonly string _target;
    private readonly PluginManifest? _manifest;
    private readonly IntegrityCheck _check;
    private readonly CancellationToken _cancellationToken;
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal);
    private long _left = PluginManifest.MaxTotalSize;

    private PrivateCopy(string source, string target, PluginManifest? manifest, IntegrityCheck check, CancellationToken cancellationToken)
    {
        _source = source;
        _target = target;
        _manifest = manifest;
        _check = check;
        _cancellationToken = cancellationToken;
    }

    /// <param name="source">The plugin's directory; a link to it is followed once, so that all files come from the same.</param>
    /// <param name="parent">The directory in which the copy's is made, which is this user's alone.</param>
    /// <param name="manifest">What may be copied; null for all that is there.</param>
    /// <param name="check">Who fails.</param>
    /// <param name="cancellationToken">Ends the work between two blocks of a file. What is copied by then stays.</param>
    /// <returns>The copy's directory.</returns>
    /// <exception cref="PluginIntegrityException">The directory is not as the manifest has it.</exception>
    /// <exception cref="PluginStartException">It could not be copied.</exception>
    public static string Make(string source, string parent, PluginManifest? manifest, IntegrityCheck check, CancellationToken cancellationToken)
    {
        var target = Path.Combine(parent, "files-" + (manifest?.Sha256[..DigitsInName] ?? "unlisted"));
        try
        {
            var real = OperatingSystem.IsWindows() ? source : PosixFile.RealPath(source) ?? throw new DirectoryNotFoundException($"There is no directory '{source}'.");
            new PrivateCopy(real, target, manifest, check, cancellationToken).CopyAll();
            return target;
        }
        catch (PluginTreeException found) when (manifest is not null)
        {
            throw check.NoSuchFile(found);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw check.NotCopied(source, failure);
        }
    }

    private void CopyAll()
    {
        MakeDirectory(_target);
        var found = PluginTree.Files(_source, _cancellationToken);
        if (_manifest is null)
        {
            foreach (var path in found)
                Copy(path, expected: null);
            return;
        }

        var listed = _manifest.Files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        if (found.FirstOrDefault(path => !listed.Contains(path)) is { } further)
            throw _check.Unlisted(further, _source);
        foreach (var file in _manifest.Files)
            Copy(file.Path, file);
    }

    private void Copy(string path, PluginManifestFile? expected)
    {
        using var source = SourceFile.Open(_source, path);
        var (size, sha256) = Write(path, expected?.IsExecutable ?? SourceFile.IsExecutable(source), target => FilePass.Run(source, target, expected?.Size ?? _left, _cancellationToken));
        if (expected is not null)
            _check.RequireSame(expected, size, sha256);
        else if ((_left -= size) < 0)
            throw PluginTreeException.TooLarge(path);
    }

    private (long Size, string Sha256) Write(string path, bool isExecutable, Func<FileStream, (long Size, string Sha256)> write)
    {
        // Not after the start was given up: its directory is being removed.
        _cancellationToken.ThrowIfCancellationRequested();
        MakeDirectoriesOf(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = isExecutable ? OwnerRuns : OwnerReads;
        using var target = new FileStream(Path.Combine(_target, path), options);
        return write(target);
    }

    private void MakeDirectoriesOf(string path)
    {
        for (var end = path.IndexOf('/', StringComparison.Ordinal); end >= 0; end = path.IndexOf('/', end + 1))
            MakeDirectory(Path.Combine(_target, path[..end]));
    }

    private void MakeDirectory(string path)
    {
        if (!_directories.Add(path))
            return;

        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else if (!PosixFile.TryMakePrivateDirectory(path))
            throw new IOException($"'{path}' is there already.");
    }
}
