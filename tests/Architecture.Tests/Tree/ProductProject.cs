using System.Xml.Linq;

namespace Plugwire.Architecture.Tests.Tree;

/// <summary>A project that users get: all but tests, examples and benchmarks.</summary>
/// <param name="Path">Its file, below the root.</param>
/// <param name="Xml">What the file says.</param>
internal sealed record ProductProject(string Path, XDocument Xml)
{
    private static readonly string[] NotProduct = ["tests/", "ExamplePlugins/", "benchmarks/", "eng/"];

    public string Folder => Path[..Path.LastIndexOf('/')];

    public string AssemblyName => System.IO.Path.GetFileNameWithoutExtension(Path);

    public static IReadOnlyList<ProductProject> All { get; } =
    [
        .. RepositoryTree.Files("*.csproj")
            .Where(path => !NotProduct.Any(folder => path.StartsWith(folder, StringComparison.Ordinal)))
            .Select(path => new ProductProject(path, XDocument.Load(RepositoryTree.Absolute(path)))),
    ];

    /// <summary>Its sources; those of a project in a folder below belong to that one.</summary>
    public IEnumerable<SourceFile> Sources()
    {
        var nested = All.Where(other => other.Folder.StartsWith(Folder + "/", StringComparison.Ordinal)).ToArray();
        return RepositoryTree.Sources(Folder).Where(source => !nested.Any(other => source.Path.StartsWith(other.Folder + "/", StringComparison.Ordinal)));
    }

    /// <summary>The names of the projects of ours that it references; not those of the build's tools, of which nothing is there at run time.</summary>
    public IEnumerable<string> References() => Xml.Descendants()
        .Where(element => element.Name.LocalName == "ProjectReference")
        .Where(element => (string?)element.Attribute("OutputItemType") != "Analyzer")
        .Select(element => System.IO.Path.GetFileNameWithoutExtension(((string)element.Attribute("Include")!).Replace('\\', '/')));

    /// <summary>The same, and what those reference.</summary>
    public IEnumerable<string> StandsOn() => References().SelectMany(name => Named(name).StandsOn().Append(name)).Distinct();

    public static IEnumerable<TheoryDataRow<string>> Names() => All.Select(project => new TheoryDataRow<string>(project.AssemblyName));

    public static ProductProject Named(string assemblyName) => All.Single(project => project.AssemblyName == assemblyName);
}
