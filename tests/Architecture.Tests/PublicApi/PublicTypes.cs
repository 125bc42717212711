using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Plugwire.Architecture.Tests.Tree;

namespace Plugwire.Architecture.Tests.PublicApi;

/// <summary>One public type a file, and the file bears its name: whoever knows the type finds it.</summary>
internal static class PublicTypes
{
    public static IEnumerable<string> Violations(IEnumerable<SourceFile> sources)
    {
        foreach (var source in sources)
        {
            var names = source.Parse().GetRoot(TestContext.Current.CancellationToken)
                .DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
                .OfType<MemberDeclarationSyntax>()
                .Where(member => member.Modifiers.Any(SyntaxKind.PublicKeyword))
                .Select(Name)
                .OfType<string>()
                .Distinct()
                .ToArray();
            var file = Path.GetFileName(source.Path);
            if (names.Length > 1)
                yield return $"{source.Path}: {names.Length} public types ({string.Join(", ", names)}). Each has a file of its own.";
            else if (names is [var name] && file != name + ".cs" && !file.StartsWith(name + ".", StringComparison.Ordinal))
                yield return $"{source.Path}: the public type {name} is looked for in {name}.cs.";
        }
    }

    private static string? Name(MemberDeclarationSyntax member) => member switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        DelegateDeclarationSyntax type => type.Identifier.Text,
        _ => null,
    };
}
