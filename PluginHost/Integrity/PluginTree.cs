namespace Plugwire.Hosting.Integrity;

/// <summary>The files below a directory. No link is followed, nor passed over.</summary>
internal static class PluginTree
{
    private static readonly EnumerationOptions AllOfThem = new() { AttributesToSkip = 0, IgnoreInaccessible = false, MatchType = MatchType.Simple };

    /// <summary>Their paths below the directory, with <c>/</c> between the parts, in no order. Without the manifest.</summary>
    /// <exception cref="PluginTreeException">There is a link, or too much.</exception>
    /// <exception cref="IOException">A directory cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A directory may not be read.</exception>
    public static IEnumerable<string> Files(string root, CancellationToken cancellationToken)
    {
        var seen = 0;
        var directories = new Stack<string>([""]);
        while (directories.TryPop(out var parent))
        {
            foreach (var entry in new DirectoryInfo(Path.Combine(root, parent)).EnumerateFileSystemInfos("*", AllOfThem))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var path = parent.Length == 0 ? entry.Name : $"{parent}/{entry.Name}";
                if (++seen > PluginManifest.MaxFiles)
                    throw PluginTreeException.TooMany(path);
                if (IsLink(entry))
                    throw PluginTreeException.Link(path);
                if (entry is DirectoryInfo)
                    directories.Push(path);
                else if (path != PluginManifest.FileName)
                    yield return path;
            }
        }
    }

    // What has gone meanwhile has all attributes at once. Whoever opens it says so.
    private static bool IsLink(FileSystemInfo entry) => entry.Attributes is var attributes && (int)attributes != -1 && attributes.HasFlag(FileAttributes.ReparsePoint);
}
