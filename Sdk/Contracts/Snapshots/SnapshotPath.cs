namespace Plugwire.Snapshots;

/// <summary>Where a snapshot lies.</summary>
internal static class SnapshotPath
{
    /// <summary>
    /// A path that is not absolute begins beside the source file that names it: there the snapshot is part of the sources. Where these are not (a build that maps its paths, another
    /// machine), it begins beside the program.
    /// </summary>
    public static string Resolve(string path, string sourceFile)
    {
        var sources = Path.GetDirectoryName(sourceFile);
        return Path.GetFullPath(path, Path.IsPathFullyQualified(sources ?? "") && Directory.Exists(sources) ? sources : AppContext.BaseDirectory);
    }
}
