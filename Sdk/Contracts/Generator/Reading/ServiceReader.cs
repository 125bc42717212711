using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Plugwire.Contracts.Generator.Model;

namespace Plugwire.Contracts.Generator.Reading;

/// <summary>Reads a service out of what Grpc.Tools generated for it. The text says it all: nothing is asked of the compiler's semantics.</summary>
internal static class ServiceReader
{
    private const string ServiceNameField = "__ServiceName";

    /// <summary>Whether the node is a service's class. Asked of every node of every file that was edited.</summary>
    public static bool IsService(SyntaxNode node) =>
        node is ClassDeclarationSyntax { Parent: BaseNamespaceDeclarationSyntax or CompilationUnitSyntax } service
        && service.Modifiers.Any(SyntaxKind.StaticKeyword)
        && service.Modifiers.Any(SyntaxKind.PartialKeyword)
        && ServiceName(service) is not null;

    public static ServiceModel Read(ClassDeclarationSyntax service)
    {
        var comments = MethodComments(service);
        return new ServiceModel(
            NamespaceOf(service),
            service.Identifier.Text,
            ServiceName(service)!,
            service.Modifiers.Any(SyntaxKind.PublicKeyword),
            DeprecationReader.IsObsolete(service),
            CommentReader.Read(service),
            service.Members.OfType<FieldDeclarationSyntax>().Select(field => MethodReader.Read(field, comments)).OfType<MethodModel>().ToImmutableArray());
    }

    private static string? ServiceName(ClassDeclarationSyntax service)
    {
        foreach (var member in service.Members)
        {
            if (member is FieldDeclarationSyntax { Declaration.Variables: { Count: 1 } variables }
                && variables[0] is { Identifier.ValueText: ServiceNameField, Initializer.Value: LiteralExpressionSyntax literal })
            {
                return literal.Token.Value as string;
            }
        }

        return null;
    }

    private static string NamespaceOf(SyntaxNode service) =>
        string.Join(".", service.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().Reverse().Select(declaration => declaration.Name.ToString()));

    // They stand on the base class's methods, and where only a client was generated, on the client's.
    private static Dictionary<string, MemberDeclarationSyntax> MethodComments(ClassDeclarationSyntax service)
    {
        var methods = new Dictionary<string, MemberDeclarationSyntax>(StringComparer.Ordinal);
        foreach (var method in service.Members.OfType<ClassDeclarationSyntax>().SelectMany(nested => nested.Members).OfType<MethodDeclarationSyntax>())
        {
            if (!methods.ContainsKey(method.Identifier.ValueText))
                methods.Add(method.Identifier.ValueText, method);
        }

        return methods;
    }
}
