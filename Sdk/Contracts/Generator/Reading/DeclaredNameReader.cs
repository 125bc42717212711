using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Plugwire.Contracts.Generator.Reading;

/// <summary>Reads the names that may meet a contract's: those that begin as interfaces do, and in no namespace those of the namespaces that generated code needs.</summary>
internal static class DeclaredNameReader
{
    /// <summary>The namespaces that generated code needs. A type of that name in no namespace hides one.</summary>
    public static readonly ImmutableArray<string> NeededNamespaces = ImmutableArray.Create("Google", "Grpc", "Plugwire", "System");

    /// <summary>Whether the node declares such a name. Asked of every node of every file that was edited.</summary>
    public static bool IsDeclaration(SyntaxNode node) => node switch
    {
        BaseNamespaceDeclarationSyntax declaration => Parts(declaration.Name).Any(MeetsAContract),

        // It may be a part of a contract, to which somebody adds members. What has type parameters is another type.
        TypeDeclarationSyntax { TypeParameterList: null } type =>
            IsTopLevel(type, type.Identifier) && !(type.IsKind(SyntaxKind.InterfaceDeclaration) && type.Modifiers.Any(SyntaxKind.PartialKeyword)),
        DelegateDeclarationSyntax { TypeParameterList: null } type => IsTopLevel(type, type.Identifier),
        EnumDeclarationSyntax type => IsTopLevel(type, type.Identifier),
        _ => false,
    };

    /// <param name="node">A node of which <see cref="IsDeclaration"/> is true.</param>
    public static ImmutableArray<DeclaredName> Read(SyntaxNode node)
    {
        var outer = NamespaceName.Around(node);
        if (node is not BaseNamespaceDeclarationSyntax declaration)
            return ImmutableArray.Create(new DeclaredName(outer, Identifier(node).ValueText));

        var names = ImmutableArray.CreateBuilder<DeclaredName>();
        foreach (var part in Parts(declaration.Name))
        {
            if (MeetsAContract(part))
                names.Add(new DeclaredName(outer, part));
            outer = outer.Length == 0 ? part : $"{outer}.{part}";
        }

        return names.ToImmutable();
    }

    private static SyntaxToken Identifier(SyntaxNode type) =>
        type is DelegateDeclarationSyntax declaration ? declaration.Identifier : ((BaseTypeDeclarationSyntax)type).Identifier;

    private static bool IsTopLevel(SyntaxNode type, SyntaxToken identifier) => type.Parent switch
    {
        BaseNamespaceDeclarationSyntax => MeetsAContract(identifier.ValueText),
        CompilationUnitSyntax => MeetsAContract(identifier.ValueText) || NeededNamespaces.Contains(identifier.ValueText),
        _ => false,
    };

    private static bool MeetsAContract(string name) => name.Length > 1 && name[0] == 'I';

    private static string[] Parts(NameSyntax name) => name.ToString().Split('.');
}
