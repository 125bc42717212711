using Microsoft.Win32.SafeHandles;

namespace Examples.Inspect.Walking.Linux;

/// <summary>
/// Walks on raw bytes, so that every name there can be is read. A directory is read to its end, its files given out on the
/// way and the names of its directories kept; then those are entered, one after the other. Only the directory it stands in
/// is open, so no depth runs out of descriptors, and every name is opened in its directory, so no path is too long.
/// </summary>
internal sealed class LinuxTreeWalker : ITreeWalker
{
    private readonly RootDirectory _root;
    private readonly FileIdentity? _output;
    private readonly List<Frame> _frames = [];
    private readonly NameStack _waiting = new();
    private readonly PathBuffer _path = new();

    private DirectoryStream? _stream;
    private SafeFileHandle? _reopened;
    private byte[] _name = [0];
    private bool _allRead;
    private TreeEntry? _first;

    /// <param name="root">The tree's root, an absolute path.</param>
    /// <param name="start">The name to walk from, relative to the root; empty for the whole tree.</param>
    /// <param name="enterDirectory">Whether to enter the start, if it is a directory.</param>
    /// <param name="output">A file that is not opened.</param>
    public LinuxTreeWalker(string root, byte[] start, bool enterDirectory, string? output)
    {
        _root = new RootDirectory(root);
        _output = output is null ? null : Libc.Describe(Libc.CurrentDirectory, TerminatedName.Of(output), 0)?.Identity;
        try
        {
            Enter(start, enterDirectory);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public static bool IsSupported => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>The directory it stands in: freshly read, or come back to.</summary>
    private int Here => _stream?.Descriptor ?? (int)_reopened!.DangerousGetHandle();

    public bool MoveNext(out TreeEntry entry)
    {
        if (_first is not null)
        {
            (entry, _first) = (_first.Value, null);
            return true;
        }

        while (_frames.Count > 0)
        {
            if (!_allRead)
            {
                if (ReadOn(out entry))
                    return true;
            }
            else if (_waiting.Mark > _frames[^1].WaitingMark)
            {
                if (!Descend(_waiting.Pop(), out entry))
                    return true;
            }
            else if (!Ascend(out entry))
            {
                return true;
            }
        }

        entry = default;
        return false;
    }

    public OpenedFile Open()
    {
        var file = Libc.Open(Here, _name, Libc.NoFollow);
        if (file is null)
            return new OpenedFile(null, SkipReason.Unreadable, Libc.LastError);

        // The name may have come to mean something else since it was read.
        var status = Libc.Describe((int)file.DangerousGetHandle());
        if (status is { Type: FileType.Regular } && status.Value.Identity != _output)
            return new OpenedFile(file);
        file.Dispose();
        return status is { Type: FileType.Regular }
            ? new OpenedFile(null, SkipReason.Output)
            : new OpenedFile(null, SkipReason.Unreadable, "it is no longer a regular file");
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _reopened?.Dispose();
        _frames.Clear();
    }

    private void Enter(byte[] start, bool enterDirectory)
    {
        var root = _root.Open() ?? throw new InspectException($"The directory '{_root.Path}' cannot be read: {Libc.LastError}.");
        if (start.Length == 0)
        {
            if (!Stand(root, out var why))
                throw new InspectException($"The directory '{_root.Path}' cannot be read: {why}.");
            return;
        }

        // The walk is one of the start's directory in which only one name waits.
        _reopened = root;
        var last = start.AsSpan().LastIndexOf((byte)'/') + 1;
        _path.Append(start.AsSpan(0, last));
        var parent = _root.Open(_path.Bytes);
        var status = parent is null ? null : Libc.Describe((int)parent.DangerousGetHandle());
        if (status is null)
        {
            parent?.Dispose();
            return;
        }

        _reopened.Dispose();
        _reopened = parent;
        var name = TerminatedName.Of(start.AsSpan(last));
        if (Libc.Describe(Here, name) is not { } first || (first.Type == FileType.Directory && !enterDirectory))
            return;
        _frames.Add(new Frame(status.Value.Identity, _path.Length, 0));
        _allRead = true;
        if (Meet(name, first.Type, out var entry))
            _first = entry;
    }

    /// <summary>Reads the directory on; true when there is something to give out.</summary>
    private bool ReadOn(out TreeEntry entry)
    {
        var name = _stream!.Read(out var type, out var error);
        _allRead = name.IsEmpty;
        if (name.IsEmpty)
        {
            entry = error is null ? default : new TreeEntry(_path.Bytes.ToArray(), SkipReason.Unreadable, error);
            return error is not null;
        }

        return Meet(name, type, out entry);
    }

    /// <summary>Gives a name out, or keeps it when it is a directory's; true when it was given out.</summary>
    private bool Meet(ReadOnlySpan<byte> name, FileType type, out TreeEntry entry)
    {
        if (type == FileType.Unknown)
            type = Libc.Describe(Here, name)?.Type ?? FileType.Unknown;

        entry = default;
        if (type == FileType.Directory)
        {
            _waiting.Push(name);
            return false;
        }

        _name = name.ToArray();
        entry = new TreeEntry(_path.With(name[..^1]), type switch
        {
            FileType.Regular => null,
            FileType.Symlink => SkipReason.Symlink,
            FileType.Fifo => SkipReason.Fifo,
            FileType.Socket => SkipReason.Socket,
            FileType.CharacterDevice or FileType.BlockDevice => SkipReason.Device,
            _ => SkipReason.Unreadable,
        });
        return true;
    }

    /// <summary>Enters a directory; false when it cannot be entered, which is then given out.</summary>
    private bool Descend(ReadOnlySpan<byte> name, out TreeEntry entry)
    {
        entry = default;
        var directory = Libc.Open(Here, name, Libc.MustBeDirectory | Libc.NoFollow);
        var why = Libc.LastError;
        _path.Append(name[..^1]);
        var path = _path.Bytes.ToArray();
        _path.Append("/"u8);
        var skip = SkipReason.Unreadable;
        if (directory is not null)
        {
            var identity = Libc.Describe((int)directory.DangerousGetHandle())?.Identity;
            if (_frames.Exists(frame => frame.Identity == identity))
            {
                directory.Dispose();
                (skip, why) = (SkipReason.Loop, "it is one of the directories it lies in");
            }
            else if (Stand(directory, out why))
            {
                return true;
            }
        }

        _path.CutTo(_frames[^1].PathLength);
        entry = new TreeEntry(path, skip, why);
        return false;
    }

    /// <summary>Stands in a directory from now on, and owns it.</summary>
    private bool Stand(SafeFileHandle directory, out string why)
    {
        var identity = Libc.Describe((int)directory.DangerousGetHandle())?.Identity;
        var stream = identity is null ? null : DirectoryStream.Over(directory);
        why = Libc.LastError;
        if (stream is null)
        {
            directory.Dispose();
            return false;
        }

        _stream?.Dispose();
        _reopened?.Dispose();
        (_stream, _reopened, _allRead) = (stream, null, false);
        _frames.Add(new Frame(identity!.Value, _path.Length, _waiting.Mark));
        return true;
    }

    /// <summary>Goes back to the directory above; false when it is not where it was, which is then given out.</summary>
    private bool Ascend(out TreeEntry entry)
    {
        entry = default;
        _frames.RemoveAt(_frames.Count - 1);
        if (_frames.Count == 0)
            return true;

        var frame = _frames[^1];
        _path.CutTo(frame.PathLength);
        if (_waiting.Mark == frame.WaitingMark)
            return true;

        // ".." is one step; from a directory that may not be searched only the long way leads back.
        var above = RootDirectory.OnlyIf(frame.Identity, Libc.Open(Here, "..\0"u8, Libc.MustBeDirectory | Libc.PathOnly))
            ?? RootDirectory.OnlyIf(frame.Identity, _root.Open(_path.Bytes));
        if (above is null)
        {
            _waiting.CutTo(frame.WaitingMark);
            entry = new TreeEntry(_path.Bytes.ToArray(), SkipReason.Unreadable, "it was moved while the tree was walked");
            return false;
        }

        _stream?.Dispose();
        _reopened?.Dispose();
        (_stream, _reopened) = (null, above);
        return true;
    }

    /// <summary>A directory the walk is in: who it is, and where its path and the names that wait in it begin.</summary>
    private readonly record struct Frame(FileIdentity Identity, int PathLength, int WaitingMark);
}
