using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Plugwire.Contracts.Analyzers;

namespace Plugwire.Contracts.CodeFixes;

/// <summary>Adds the methods that an implementation leaves out.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ImplementMissingMethodsFix))]
[Shared]
internal sealed class ImplementMissingMethodsFix() : ContractFix(Rules.MissingMethods)
{
    protected override void Register(CodeFixContext context, SyntaxNode root, SemanticModel model, ContractSymbols symbols)
    {
        var document = context.Document;
        if (root.FindNode(context.Span) is not TypeDeclarationSyntax declaration
            || model.GetDeclaredSymbol(declaration, context.CancellationToken) is not { } type)
        {
            return;
        }

        // One action for each contract, as each has a diagnostic of its own.
        foreach (var diagnostic in context.Diagnostics)
        {
            var contract = symbols.ContractsOf(type).FirstOrDefault(contract => diagnostic.Properties.TryGetValue(Rules.ContractProperty, out var name) && name == contract.ToDisplayString());
            if (contract is null)
                continue;

            var title = $"Implement what is left out of '{contract.Name}'";
            context.RegisterCodeFix(
                CodeAction.Create(title, token => ImplementAsync(document, declaration, model, contract, symbols, token), $"{nameof(ImplementMissingMethodsFix)}:{contract.Name}"),
                diagnostic);
        }
    }

    private static Task<Document> ImplementAsync(
        Document document, TypeDeclarationSyntax declaration, SemanticModel model, INamedTypeSymbol contract, ContractSymbols symbols, CancellationToken cancellationToken)
    {
        var generator = SyntaxGenerator.GetGenerator(document);
        var skeleton = new ContractSkeleton(generator, model.Compilation, symbols);
        var type = model.GetDeclaredSymbol(declaration, cancellationToken)!;
        var methods = symbols.LeftOut(type, contract).Select(method => Replacement.New(skeleton.Of(type, method)));
        return Replacement.ReplaceAsync(document, declaration, generator.AddMembers(WithBraces(declaration), methods), cancellationToken);
    }

    // A class without a body ends with a semicolon.
    private static TypeDeclarationSyntax WithBraces(TypeDeclarationSyntax declaration) => declaration.SemicolonToken.IsKind(SyntaxKind.None)
        ? declaration
        : declaration
            .WithOpenBraceToken(SyntaxFactory.Token(SyntaxKind.OpenBraceToken))
            .WithCloseBraceToken(SyntaxFactory.Token(SyntaxKind.CloseBraceToken).WithTrailingTrivia(declaration.SemicolonToken.TrailingTrivia))
            .WithSemicolonToken(default);
}
