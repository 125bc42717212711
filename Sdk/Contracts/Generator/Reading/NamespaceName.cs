using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Plugwire.Contracts.Generator.Reading;

/// <summary>The name of the namespace that a declaration stands in, as C# writes it.</summary>
internal static class NamespaceName
{
    /// <returns>Empty for the global one.</returns>
    public static string Around(SyntaxNode declaration) =>
        string.Join(".", declaration.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().Reverse().Select(outer => outer.Name.ToString()));
}
