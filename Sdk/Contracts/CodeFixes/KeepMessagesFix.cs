using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Plugwire.Contracts.Analyzers;

namespace Plugwire.Contracts.CodeFixes;

/// <summary>Reads the stream of a call into a list, of which each enumeration is another one. Offered where <c>System.Linq</c> has <c>ToListAsync</c> for it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(KeepMessagesFix))]
[Shared]
internal sealed class KeepMessagesFix() : ContractFix(Rules.RepeatedEnumeration)
{
    protected override void Register(CodeFixContext context, SyntaxNode root, SemanticModel model, ContractSymbols symbols)
    {
        var document = context.Document;
        foreach (var diagnostic in context.Diagnostics)
        {
            // What is read through another stream, such as a filtered one, is named by that one's name there.
            if (root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is not IdentifierNameSyntax later
                || root.FindNode(diagnostic.AdditionalLocations[0].SourceSpan, getInnermostNodeForTie: true) is not IdentifierNameSyntax earlier
                || model.GetSymbolInfo(later, context.CancellationToken).Symbol is not { } stream
                || !IsNamed(diagnostic, stream, model.GetSymbolInfo(earlier, context.CancellationToken).Symbol)
                || !CanBeListed(model, earlier, stream, symbols))
            {
                continue;
            }

            var keeping = new KeptMessages(model, stream, context.CancellationToken);
            if ((stream is ILocalSymbol ? keeping.OfALocal(root) : keeping.OfAParameter(root, earlier)) is { } replacement)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(
                        "Keep the messages in a list",
                        token => Replacement.ReplaceAsync(document, replacement.Old, replacement.New, token),
                        nameof(KeepMessagesFix)),
                    diagnostic);
            }
        }
    }

    private static bool IsNamed(Diagnostic diagnostic, ISymbol later, ISymbol? earlier) =>
        SymbolEqualityComparer.Default.Equals(later, earlier)
        && diagnostic.Properties.TryGetValue(Rules.StreamProperty, out var name)
        && name == later.Name;

    private static bool CanBeListed(SemanticModel model, SyntaxNode place, ISymbol stream, ContractSymbols symbols)
    {
        var type = stream is ILocalSymbol local ? local.Type : ((IParameterSymbol)stream).Type;
        return symbols.IsStream(type) && model.LookupSymbols(place.SpanStart, type, "ToListAsync", includeReducedExtensionMethods: true).Length > 0;
    }
}
