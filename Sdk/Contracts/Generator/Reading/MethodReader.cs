using System.Collections.Immutable;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Plugwire.Contracts.Generator.Model;

namespace Plugwire.Contracts.Generator.Reading;

/// <summary>Reads a method out of the field that Grpc.Tools generated for it.</summary>
internal static class MethodReader
{
    private const string FieldPrefix = "__Method_";

    /// <param name="field">Any field of a service's class.</param>
    /// <param name="documented">The methods that bear the comments, by the rpc's name.</param>
    /// <returns>Null when the field is not a method's.</returns>
    public static MethodModel? Read(FieldDeclarationSyntax field, IReadOnlyDictionary<string, MemberDeclarationSyntax> documented)
    {
        if (field.Declaration is not { Variables: { Count: 1 } variables, Type: AliasQualifiedNameSyntax { Name: GenericNameSyntax { TypeArgumentList.Arguments: { Count: 2 } types } } }
            || variables[0].Identifier.ValueText is var name && !name.StartsWith(FieldPrefix, StringComparison.Ordinal)
            || variables[0].Initializer?.Value is not ObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: > 0 } arguments }
            || KindOf(arguments[0].Expression) is not { } kind)
        {
            return null;
        }

        var rpc = name.Substring(FieldPrefix.Length);
        documented.TryGetValue(rpc, out var method);
        return new MethodModel(
            rpc,
            kind,
            types[0].ToString(),
            types[1].ToString(),
            method is not null && DeprecationReader.IsObsolete(method),
            method is null ? ImmutableArray<string>.Empty : CommentReader.Read(method));
    }

    private static CallKind? KindOf(ExpressionSyntax kind) => (kind as MemberAccessExpressionSyntax)?.Name.Identifier.ValueText switch
    {
        "Unary" => CallKind.Unary,
        "ClientStreaming" => CallKind.ClientStreaming,
        "ServerStreaming" => CallKind.ServerStreaming,
        "DuplexStreaming" => CallKind.DuplexStreaming,
        _ => null,
    };
}
