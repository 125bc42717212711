using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Plugwire.Contracts.CodeFixes;

/// <summary>What the code around a place allows for.</summary>
internal static class AsyncScope
{
    /// <summary>Whether an await can stand at a place without a change of what is around it.</summary>
    public static bool AllowsAwait(SyntaxNode node)
    {
        foreach (var around in node.Ancestors())
        {
            switch (around)
            {
                case LockStatementSyntax or UnsafeStatementSyntax or CatchFilterClauseSyntax or QueryExpressionSyntax or AttributeSyntax:
                    return false;
                case AnonymousFunctionExpressionSyntax function:
                    return function.AsyncKeyword.IsKind(SyntaxKind.AsyncKeyword);
                case LocalFunctionStatementSyntax function:
                    return function.Modifiers.Any(SyntaxKind.AsyncKeyword);
                case MethodDeclarationSyntax method:
                    return method.Modifiers.Any(SyntaxKind.AsyncKeyword);
                case GlobalStatementSyntax:
                    return true;
                case MemberDeclarationSyntax or AccessorDeclarationSyntax:
                    return false;
            }
        }

        return false;
    }

    /// <summary>The name of the nearest parameter that is a cancellation token and can be named at a place; null where there is none.</summary>
    public static string? Token(SyntaxNode node, SemanticModel model, CancellationToken cancellationToken)
    {
        foreach (var around in node.Ancestors())
        {
            var function = around is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or BaseMethodDeclarationSyntax
                ? (model.GetDeclaredSymbol(around, cancellationToken) ?? model.GetSymbolInfo(around, cancellationToken).Symbol) as IMethodSymbol
                : null;
            if (function is null)
                continue;
            if (function.Parameters.FirstOrDefault(parameter => IsToken(parameter.Type)) is { } token)
                return token.Name;
            if (function.IsStatic || around is BaseMethodDeclarationSyntax)
                return null;
        }

        return null;
    }

    private static bool IsToken(ITypeSymbol type) => type is { Name: "CancellationToken", ContainingNamespace: { Name: "Threading", ContainingNamespace.Name: "System" } };
}
