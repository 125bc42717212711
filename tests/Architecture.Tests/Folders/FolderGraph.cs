using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Plugwire.Architecture.Tests.Folders;

/// <summary>Which folder of a project names types of which other folder: read from what the names mean, not from usings.</summary>
internal static class FolderGraph
{
    /// <param name="compilation">Sources below <paramref name="projectFolder"/> count; others are generated and belong to nobody.</param>
    /// <param name="projectFolder">The project's folder below the root.</param>
    public static IReadOnlyList<FolderEdge> Edges(CSharpCompilation compilation, string projectFolder)
    {
        var edges = new List<FolderEdge>();
        foreach (var tree in compilation.SyntaxTrees)
        {
            if (FolderOf(tree.FilePath, projectFolder) is not { } from)
                continue;

            var model = compilation.GetSemanticModel(tree);
            foreach (var name in tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<SimpleNameSyntax>())
            {
                if (DeclaringType(model, name) is not { } type || FolderOf(type, projectFolder) is not { } to || to == from)
                    continue;

                var line = tree.GetLineSpan(name.Span).StartLinePosition.Line + 1;
                edges.Add(new FolderEdge(from, to, $"{tree.FilePath}:{line}", type.Name));
            }
        }

        return edges;
    }

    private static INamedTypeSymbol? DeclaringType(SemanticModel model, SimpleNameSyntax name)
    {
        var info = model.GetSymbolInfo(name, TestContext.Current.CancellationToken);
        var symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
        return symbol switch
        {
            INamedTypeSymbol type => type.OriginalDefinition,
            IMethodSymbol or IPropertySymbol or IFieldSymbol or IEventSymbol => symbol.ContainingType?.OriginalDefinition,
            _ => null,
        };
    }

    private static string? FolderOf(INamedTypeSymbol type, string projectFolder) => type.DeclaringSyntaxReferences
        .Select(reference => FolderOf(reference.SyntaxTree.FilePath, projectFolder))
        .FirstOrDefault(folder => folder is not null);

    private static string? FolderOf(string path, string projectFolder)
    {
        if (!path.StartsWith(projectFolder + "/", StringComparison.Ordinal))
            return null;

        var end = path.LastIndexOf('/');
        return end <= projectFolder.Length ? "" : path[(projectFolder.Length + 1)..end];
    }
}
