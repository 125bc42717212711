using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Plugwire.Contracts.Analyzers;
using Plugwire.Contracts.Analyzers.Blocking;

namespace Plugwire.Contracts.CodeFixes;

/// <summary>Awaits what an implementation blocks for, where it stands in an async function.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AwaitInsteadFix))]
[Shared]
internal sealed class AwaitInsteadFix() : ContractFix(Rules.Blocking)
{
    protected override void Register(CodeFixContext context, SyntaxNode root, SemanticModel model, ContractSymbols symbols)
    {
        var document = context.Document;
        if (root.FindNode(context.Span, getInnermostNodeForTie: true) is not ExpressionSyntax node
            || model.GetOperation(node, context.CancellationToken) is not { } operation
            || BlockingWait.Of(operation) is not { } wait
            || !AsyncScope.AllowsAwait(node))
        {
            return;
        }

        var generator = SyntaxGenerator.GetGenerator(document);
        var awaiting = new Awaiting(generator, model.Compilation, AsyncScope.Token(node, model, context.CancellationToken));
        if (awaiting.Instead(wait, node) is not { } instead)
            return;

        var (old, @new) = instead;
        context.RegisterCodeFix(
            CodeAction.Create(
                wait.Kind == BlockingKind.Enumerate ? "Use await foreach" : "Await it",
                token => Replacement.ReplaceAsync(document, old, @new.WithTriviaFrom(old), token),
                nameof(AwaitInsteadFix)),
            context.Diagnostics);
    }
}
