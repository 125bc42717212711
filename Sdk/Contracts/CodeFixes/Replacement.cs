using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace Plugwire.Contracts.CodeFixes;

/// <summary>Puts a node in another's place, with the usings that its names need.</summary>
internal static class Replacement
{
    private static readonly SyntaxAnnotation Added = new();

    /// <summary>Marks a part as new: it is formatted, and its names are imported and shortened. What its author wrote around it stays as it is.</summary>
    public static TNode New<TNode>(TNode node)
        where TNode : SyntaxNode => node.WithAdditionalAnnotations(Added, Formatter.Annotation);

    public static async Task<Document> ReplaceAsync(Document document, SyntaxNode old, SyntaxNode @new, CancellationToken cancellationToken)
    {
        var root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        var changed = document.WithSyntaxRoot(root!.ReplaceNode(old, @new));

        // Where all is imported already, as it may be for the whole project, the import would leave an empty line at the top.
        var reduced = await Simplifier.ReduceAsync(changed, cancellationToken: cancellationToken).ConfigureAwait(false);
        return await HasLongNamesAsync(reduced, cancellationToken).ConfigureAwait(false)
            ? await ImportAdder.AddImportsAsync(changed, Added, cancellationToken: cancellationToken).ConfigureAwait(false)
            : changed;
    }

    private static async Task<bool> HasLongNamesAsync(Document document, CancellationToken cancellationToken)
    {
        var root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        return root!.GetAnnotatedNodes(Added).SelectMany(node => node.DescendantNodesAndSelf()).Any(node => node is QualifiedNameSyntax);
    }
}
