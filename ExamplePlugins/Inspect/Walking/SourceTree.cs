using System.Text;
using Examples.Inspect.Walking.Linux;
using Examples.Inspect.Walking.Portable;

namespace Examples.Inspect.Walking;

/// <summary>The directory that is inspected.</summary>
internal sealed class SourceTree
{
    private SourceTree(string root) => Root = root;

    /// <summary>Its absolute path.</summary>
    public string Root { get; }

    /// <summary>A file that is not inspected, by its absolute path: the one this run writes.</summary>
    public string? OutputFile { get; set; }

    /// <summary>Checks that the directory is one and can be read. Throws <see cref="InspectException"/> with a sentence when not.</summary>
    public static SourceTree At(string directory)
    {
        var root = Path.GetFullPath(directory);
        if (File.Exists(root))
            throw new InspectException($"'{directory}' is a file: a directory is expected.");
        if (!Directory.Exists(root))
            throw new InspectException($"There is no directory '{directory}', or one of the directories it lies in may not be entered.");
        try
        {
            using var entries = Directory.EnumerateFileSystemEntries(root).GetEnumerator();
            entries.MoveNext();
        }
        catch (UnauthorizedAccessException)
        {
            throw new InspectException($"The directory '{directory}' may not be read: permission denied.");
        }
        catch (IOException exception)
        {
            throw new InspectException($"The directory '{directory}' cannot be read: {exception.Message}");
        }

        return new SourceTree(root);
    }

    /// <summary>Walks the whole tree.</summary>
    public ITreeWalker Walk() => WalkFrom([], enterDirectory: true);

    /// <summary>Walks one name of the tree, and what lies under it if so wanted; nothing when it is gone.</summary>
    public ITreeWalker WalkFrom(byte[] path, bool enterDirectory) => LinuxTreeWalker.IsSupported
        ? new LinuxTreeWalker(Root, path, enterDirectory, OutputFile)
        : new PortableTreeWalker(Root, Encoding.UTF8.GetString(path), enterDirectory, OutputFile);
}
