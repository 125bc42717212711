using System.Text;

namespace Examples.Inspect.Walking.Portable;

/// <summary>
/// Walks where names are text (Windows, macOS). Types of special files are not told there, but their length is 0: what has
/// no length is never opened, so that no FIFO is waited for.
/// </summary>
internal sealed class PortableTreeWalker : ITreeWalker
{
    private readonly string _root;
    private readonly string? _output;
    private readonly Stack<string> _waiting = new();
    private IEnumerator<FileSystemInfo>? _names;
    private string _directory = "";
    private FileSystemInfo? _first;
    private string _file = "";

    public PortableTreeWalker(string root, string start, bool enterDirectory, string? output)
    {
        _root = root;
        _output = output;
        var path = Path.Combine(root, start);
        if (Directory.Exists(path))
        {
            if (enterDirectory)
                _waiting.Push(path);
        }
        else if (File.Exists(path))
        {
            _first = new FileInfo(path);
        }
    }

    public bool MoveNext(out TreeEntry entry)
    {
        if (_first is { } first)
        {
            _first = null;
            return Meet(first, out entry);
        }

        while (true)
        {
            try
            {
                if (_names is null)
                {
                    if (!_waiting.TryPop(out _directory!))
                        break;
                    _names = new DirectoryInfo(_directory).EnumerateFileSystemInfos().GetEnumerator();
                }

                if (!_names.MoveNext())
                    EndDirectory();
                else if (Meet(_names.Current, out entry))
                    return true;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                EndDirectory();
                entry = new TreeEntry(Relative(_directory), SkipReason.Unreadable, exception.Message);
                return true;
            }
        }

        entry = default;
        return false;
    }

    public OpenedFile Open()
    {
        if (string.Equals(_file, _output, OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal))
            return new OpenedFile(null, SkipReason.Output);
        try
        {
            return new OpenedFile(File.OpenHandle(_file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new OpenedFile(null, SkipReason.Unreadable, exception.Message);
        }
    }

    public void Dispose() => EndDirectory();

    private void EndDirectory()
    {
        _names?.Dispose();
        _names = null;
    }

    private bool Meet(FileSystemInfo name, out TreeEntry entry)
    {
        entry = default;
        var isSymlink = name.Attributes.HasFlag(FileAttributes.ReparsePoint) && name.LinkTarget is not null;
        if (!isSymlink && name is DirectoryInfo)
        {
            _waiting.Push(name.FullName);
            return false;
        }

        _file = name.FullName;
        var skip = isSymlink ? SkipReason.Symlink
            : name.Attributes.HasFlag(FileAttributes.Device) ? SkipReason.Device
            : name is FileInfo { Length: 0 } ? SkipReason.Empty
            : (SkipReason?)null;
        entry = new TreeEntry(Relative(_file), skip);
        return true;
    }

    private byte[] Relative(string path) =>
        Encoding.UTF8.GetBytes(Path.GetRelativePath(_root, path).Replace(Path.DirectorySeparatorChar, '/'));
}
