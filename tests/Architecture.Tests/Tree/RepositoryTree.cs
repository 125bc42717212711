namespace Plugwire.Architecture.Tests.Tree;

/// <summary>The files of the repository that these tests were built from.</summary>
internal static class RepositoryTree
{
    private static readonly string[] NotOurs = ["artifacts", "bin", "obj", "node_modules"];

    /// <summary>The directory of Sdk.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The configuration of this build, as it names the output directories: <c>debug</c> or <c>release</c>.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Name;

    /// <summary>Paths below the root, with slashes, in a stable order; without build output and what begins with a dot.</summary>
    public static IEnumerable<string> Files(string pattern, string below = "") =>
        Walk(Path.Combine(Root, below)).SelectMany(directory => Directory.EnumerateFiles(directory, pattern)).Select(Relative).Order(StringComparer.Ordinal);

    /// <summary>The same for directories, the root left out.</summary>
    public static IEnumerable<string> Directories() => Walk(Root).Skip(1).Select(Relative).Order(StringComparer.Ordinal);

    public static string Absolute(string path) => Path.Combine(Root, path);

    public static IEnumerable<SourceFile> Sources(string below = "") =>
        Files("*.cs", below).Select(path => new SourceFile(path, File.ReadAllText(Absolute(path))));

    private static IEnumerable<string> Walk(string directory)
    {
        if (!Directory.Exists(directory))
            yield break;

        yield return directory;
        foreach (var child in Directory.EnumerateDirectories(directory))
        {
            var name = Path.GetFileName(child);
            if (name.StartsWith('.') || NotOurs.Contains(name))
                continue;

            foreach (var found in Walk(child))
                yield return found;
        }
    }

    private static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Sdk.sln")))
                return directory.FullName;
        }

        throw new InvalidOperationException($"No directory above '{AppContext.BaseDirectory}' holds Sdk.sln: the tests read the sources they were built from.");
    }
}
