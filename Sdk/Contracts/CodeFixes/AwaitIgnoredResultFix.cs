using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Plugwire.Contracts.Analyzers;

namespace Plugwire.Contracts.CodeFixes;

/// <summary>Awaits a call whose result is ignored, or enumerates its stream.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AwaitIgnoredResultFix))]
[Shared]
internal sealed class AwaitIgnoredResultFix() : ContractFix(Rules.IgnoredResult)
{
    protected override void Register(CodeFixContext context, SyntaxNode root, SemanticModel model, ContractSymbols symbols)
    {
        var document = context.Document;
        if (root.FindNode(context.Span, getInnermostNodeForTie: true).FirstAncestorOrSelf<ExpressionStatementSyntax>() is not { } statement
            || !AsyncScope.AllowsAwait(statement))
        {
            return;
        }

        // What is not called at all, as the object before the question mark is null, cannot be awaited.
        var value = statement.Expression is AssignmentExpressionSyntax { Right: var right } ? right : statement.Expression;
        if (value is ConditionalAccessExpressionSyntax || root.FindNode(context.Span, getInnermostNodeForTie: true) is not InvocationExpressionSyntax call)
            return;

        if (model.GetSymbolInfo(call, context.CancellationToken).Symbol is not IMethodSymbol { ReturnType: INamedTypeSymbol result })
            return;

        if (symbols.IsStream(result))
        {
            var name = NameFor(model, statement, value);
            Offer("Enumerate the stream", () => Enumerate(statement, value, name));
        }
        else
        {
            Offer("Await the call", () => Await(statement));
        }

        void Offer(string title, Func<StatementSyntax> replacement) => context.RegisterCodeFix(
            CodeAction.Create(
                title,
                token => Replacement.ReplaceAsync(document, statement, replacement().WithTriviaFrom(statement).WithAdditionalAnnotations(Formatter.Annotation), token),
                nameof(AwaitIgnoredResultFix)),
            context.Diagnostics);
    }

    private static ExpressionStatementSyntax Await(ExpressionStatementSyntax statement) =>
        statement.WithExpression(SyntaxFactory.AwaitExpression(statement.Expression.WithoutTrivia()));

    private static ForEachStatementSyntax Enumerate(ExpressionStatementSyntax statement, ExpressionSyntax value, string name)
    {
        var loop = SyntaxFactory.ForEachStatement(
            SyntaxFactory.IdentifierName("var"), SyntaxFactory.Identifier(name), value.WithoutTrivia(), SyntaxFactory.Block());
        return loop.WithAwaitKeyword(SyntaxFactory.Token(SyntaxKind.AwaitKeyword)).WithLeadingTrivia(statement.GetLeadingTrivia());
    }

    // The message's name, such as 'finding', unless it means something else there.
    private static string NameFor(SemanticModel model, ExpressionStatementSyntax statement, ExpressionSyntax value)
    {
        var message = model.GetTypeInfo(value).Type is INamedTypeSymbol { TypeArguments: { Length: 1 } messages } && messages[0].Name is { Length: > 0 } name ? name : "Message";
        var wanted = char.ToLowerInvariant(message[0]) + message.Substring(1);
        if (SyntaxFacts.GetKeywordKind(wanted) != SyntaxKind.None)
            wanted = "message";
        var taken = new HashSet<string>(model.LookupSymbols(statement.SpanStart).Select(symbol => symbol.Name));
        var free = wanted;
        for (var i = 2; taken.Contains(free); i++)
            free = $"{wanted}{i}";
        return free;
    }
}
