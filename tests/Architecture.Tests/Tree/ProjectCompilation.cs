using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Plugwire.Architecture.Tests.Tree;

/// <summary>Sources with their meaning: compiled in memory against what this test project was built with.</summary>
internal static class ProjectCompilation
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly ConcurrentDictionary<string, CSharpCompilation> Products = new();

    private static readonly string[] Platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);

    /// <summary>Everything that this test project can reference.</summary>
    public static IReadOnlyList<MetadataReference> References { get; } = [.. Platform.Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>A product's sources, with what the build generated from the contracts.</summary>
    public static CSharpCompilation Of(ProductProject project) => Products.GetOrAdd(project.AssemblyName, _ => Read(project));

    /// <summary>Sources of a fixture.</summary>
    public static CSharpCompilation Of(IEnumerable<SourceFile> sources) => Create("Fixture", sources.Append(new SourceFile("/usings.cs", ImplicitUsings)), References);

    private static CSharpCompilation Read(ProductProject project)
    {
        var output = RepositoryTree.Absolute($"artifacts/obj/{project.AssemblyName}");
        var generated = Directory.EnumerateDirectories(output)
            .Where(directory => Path.GetFileName(directory) is var name && (name == RepositoryTree.Configuration || name == RepositoryTree.Configuration + "_net10.0"))
            .SelectMany(directory => Directory.EnumerateFiles(directory, "*.cs", SearchOption.AllDirectories))
            .Select(path => new SourceFile(path, File.ReadAllText(path)));
        return Create(project.AssemblyName, project.Sources().Concat(generated), [.. References.Where(IsSeen)]);

        // Our other assemblies have namespaces that would hide names from it, its own built one types.
        bool IsSeen(MetadataReference reference) =>
            Path.GetFileNameWithoutExtension(reference.Display)! is var name
            && (!name.StartsWith("Plugwire.", StringComparison.Ordinal) || project.StandsOn().Contains(name));
    }

    private static CSharpCompilation Create(string assemblyName, IEnumerable<SourceFile> sources, IReadOnlyList<MetadataReference> references) => CSharpCompilation.Create(
        assemblyName,
        sources.Select(source => source.Parse()),
        references,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
}
