using Microsoft.Win32.SafeHandles;

namespace Examples.Inspect.Walking.Linux;

/// <summary>The root of a walk, and the way from it to the directories of the tree.</summary>
internal sealed class RootDirectory(string path)
{
    private readonly byte[] _name = TerminatedName.Of(path);

    public string Path { get; } = path;

    /// <summary>Opens the root, to be read; a symlink at its end is followed. Null when the system refuses.</summary>
    public SafeFileHandle? Open() => Libc.Open(Libc.CurrentDirectory, _name, Libc.MustBeDirectory);

    /// <summary>
    /// Opens a directory below, name by name, following no symlink: for its names to be opened, not to be read. Null when it cannot be
    /// reached. The path ends in '/', or is empty for the root itself.
    /// </summary>
    public SafeFileHandle? Open(ReadOnlySpan<byte> path)
    {
        var directory = Libc.Open(Libc.CurrentDirectory, _name, Libc.MustBeDirectory | Libc.PathOnly);
        while (directory is not null && !path.IsEmpty)
        {
            var end = path.IndexOf((byte)'/');
            using var above = directory;
            directory = Libc.Open((int)above.DangerousGetHandle(), TerminatedName.Of(path[..end]), Libc.MustBeDirectory | Libc.NoFollow | Libc.PathOnly);
            path = path[(end + 1)..];
        }

        return directory;
    }

    /// <summary>The directory when it is the one that is meant; null, with it closed, when it is another.</summary>
    public static SafeFileHandle? OnlyIf(FileIdentity identity, SafeFileHandle? directory)
    {
        if (directory is null || Libc.Describe((int)directory.DangerousGetHandle())?.Identity == identity)
            return directory;
        directory.Dispose();
        return null;
    }
}
