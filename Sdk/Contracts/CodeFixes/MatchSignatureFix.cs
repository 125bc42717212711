using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Plugwire.Contracts.Analyzers;
using Plugwire.Contracts.Analyzers.Implementing;

namespace Plugwire.Contracts.CodeFixes;

/// <summary>Gives a method the signature of the contract's method that it was meant to implement.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MatchSignatureFix))]
[Shared]
internal sealed class MatchSignatureFix() : ContractFix(Rules.AlmostImplemented)
{
    protected override void Register(CodeFixContext context, SyntaxNode root, SemanticModel model, ContractSymbols symbols)
    {
        var document = context.Document;
        if (root.FindNode(context.Span) is not MethodDeclarationSyntax declaration
            || model.GetDeclaredSymbol(declaration, context.CancellationToken) is not { } method
            || AlmostImplementedAnalyzer.MeantBy(method, symbols) is not { } meant
            || method.IsOverride || method.IsVirtual || method.IsAbstract)
        {
            return;
        }

        // Only the compiler knows how to make one result of another, and only in an async method.
        var sameResult = SymbolEqualityComparer.Default.Equals(method.ReturnType, meant.ReturnType);
        if (!sameResult && (!method.IsAsync || symbols.IsStream(method.ReturnType) != symbols.IsStream(meant.ReturnType)))
            return;

        var skeleton = new ContractSkeleton(SyntaxGenerator.GetGenerator(document), model.Compilation, symbols);
        if (Parameters(declaration, method, meant, skeleton, symbols) is not { } parameters)
            return;

        var changed = declaration
            .WithParameterList(Replacement.New(declaration.ParameterList.WithParameters(SyntaxFactory.SeparatedList(parameters))))
            .WithReturnType((sameResult ? declaration.ReturnType : Replacement.New(skeleton.Type(meant.ReturnType))).WithLeadingTrivia().WithTrailingTrivia(SyntaxFactory.Space))
            .WithModifiers(Modifiers(declaration))
            .WithTriviaFrom(declaration);
        context.RegisterCodeFix(
            CodeAction.Create(
                $"Make it implement '{meant.ContainingType.Name}.{meant.Name}'",
                token => Replacement.ReplaceAsync(document, declaration, changed, token),
                nameof(MatchSignatureFix)),
            context.Diagnostics);
    }

    // The contract's parameters, under the names that the body knows them by; null where one of the method's own has no place among them.
    private static ParameterSyntax[]? Parameters(
        MethodDeclarationSyntax declaration, IMethodSymbol method, IMethodSymbol meant, ContractSkeleton skeleton, ContractSymbols symbols)
    {
        var isIterator = method.IsAsync && symbols.IsStream(meant.ReturnType);
        var kept = method.Parameters.Zip(declaration.ParameterList.Parameters, (symbol, syntax) => (symbol, syntax)).ToList();
        var parameters = new List<ParameterSyntax>();
        foreach (var parameter in meant.Parameters)
        {
            var own = kept.FindIndex(other => SymbolEqualityComparer.Default.Equals(other.symbol.Type, parameter.Type));
            if (own < 0)
            {
                parameters.Add(skeleton.Parameter(parameter, isIterator, withDefault: true));
                continue;
            }

            // What follows an optional parameter is optional too.
            var syntax = kept[own].syntax.WithModifiers(default);
            if (syntax.Default is null && parameters.Any(other => other.Default is not null))
                syntax = syntax.WithDefault(SyntaxFactory.EqualsValueClause(SyntaxFactory.LiteralExpression(SyntaxKind.DefaultLiteralExpression)));
            if (isIterator && symbols.IsCancellationToken(parameter.Type) && syntax.AttributeLists.Count == 0)
                syntax = skeleton.WithEnumeratorCancellation(syntax);
            parameters.Add(syntax);
            kept.RemoveAt(own);
        }

        return kept.Count == 0 ? [.. parameters] : null;
    }

    private static SyntaxTokenList Modifiers(MethodDeclarationSyntax declaration)
    {
        var leading = declaration.Modifiers.Count > 0 ? declaration.Modifiers[0].LeadingTrivia : declaration.ReturnType.GetLeadingTrivia();
        var others = declaration.Modifiers.Where(modifier => modifier.Kind() is not
            (SyntaxKind.PublicKeyword or SyntaxKind.PrivateKeyword or SyntaxKind.ProtectedKeyword or SyntaxKind.InternalKeyword or SyntaxKind.StaticKeyword));
        return
        [
            SyntaxFactory.Token(leading, SyntaxKind.PublicKeyword, [SyntaxFactory.Space]),
            .. others.Select(modifier => modifier.WithLeadingTrivia().WithTrailingTrivia(SyntaxFactory.Space)),
        ];
    }
}
