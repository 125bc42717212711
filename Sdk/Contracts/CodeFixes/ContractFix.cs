using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Plugwire.Contracts.Analyzers;

namespace Plugwire.Contracts.CodeFixes;

/// <summary>What all fixes have in common: one rule each, all places at once on demand, and nothing to offer where the document or the contracts cannot be read.</summary>
internal abstract class ContractFix(DiagnosticDescriptor rule) : CodeFixProvider
{
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; } = [rule.Id];

    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is not null && model is not null && ContractSymbols.Of(model.Compilation) is { } symbols)
            Register(context, root, model, symbols);
    }

    /// <summary>Offers what can be done about the diagnostics of a place, if anything.</summary>
    protected abstract void Register(CodeFixContext context, SyntaxNode root, SemanticModel model, ContractSymbols symbols);
}
