using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Plugwire.Contracts.CodeFixes;

/// <summary>A function in which the messages of a stream are read into a list once, and taken from there each time.</summary>
/// <param name="model">Of the document.</param>
/// <param name="stream">The local or parameter.</param>
/// <param name="cancellationToken">Ends the search for its uses.</param>
internal sealed class KeptMessages(SemanticModel model, ISymbol stream, CancellationToken cancellationToken)
{
    /// <summary>A local keeps its name and holds the list.</summary>
    /// <returns>What to replace; null where that takes more than that.</returns>
    public (SyntaxNode Old, SyntaxNode New)? OfALocal(SyntaxNode root)
    {
        if (stream.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken) is not VariableDeclaratorSyntax { Initializer: { } initializer } declarator
            || declarator.Parent is not VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax } declaration
            || !AsyncScope.AllowsAwait(declaration))
        {
            return null;
        }

        var kept = SyntaxFactory.IdentifierName(stream.Name);
        var uses = Uses(root, from: declaration.Span.End).ToDictionary(use => use, use => (Func<SyntaxNode, SyntaxNode>)(rewritten => Instead(rewritten, kept)));
        var list = ToList(initializer.Value.WithoutTrivia(), declaration).WithTriviaFrom(initializer.Value);
        uses.Add(declaration, _ => declaration
            .WithType(SyntaxFactory.IdentifierName("var").WithTriviaFrom(declaration.Type))
            .WithVariables(SyntaxFactory.SingletonSeparatedList(declarator.WithInitializer(initializer.WithValue(list)))));
        return (root, root.ReplaceNodes(uses.Keys, (old, rewritten) => uses[old](rewritten)));
    }

    /// <summary>A parameter's messages go into a local of their own, ahead of the statement that reads first.</summary>
    /// <returns>What to replace; null where there is no place for that.</returns>
    public (SyntaxNode Old, SyntaxNode New)? OfAParameter(SyntaxNode root, SyntaxNode first)
    {
        if (BlockAround(first, root) is not { } block || block.Statements.FirstOrDefault(statement => statement.Span.Contains(first.Span)) is not { } statement || !AsyncScope.AllowsAwait(statement))
            return null;

        var uses = Uses(root, from: statement.SpanStart).ToArray();
        if (uses.Any(use => !block.Span.Contains(use.Span)))
            return null;

        var kept = SyntaxFactory.IdentifierName(FreeName(block));
        var index = block.Statements.IndexOf(statement);
        var changed = block.ReplaceNodes(uses, (_, rewritten) => Instead(rewritten, kept));
        var list = SyntaxFactory.LocalDeclarationStatement(SyntaxFactory.VariableDeclaration(
            SyntaxFactory.IdentifierName("var"),
            SyntaxFactory.SingletonSeparatedList(SyntaxFactory.VariableDeclarator(kept.Identifier)
                .WithInitializer(SyntaxFactory.EqualsValueClause(ToList(SyntaxFactory.IdentifierName(stream.Name), statement))))));

        // Comments stay with what they were written above.
        var indent = statement.GetLeadingTrivia().Reverse().TakeWhile(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia));
        return (block, changed.WithStatements(changed.Statements.Insert(
            index,
            list.NormalizeWhitespace().WithLeadingTrivia(indent).WithTrailingTrivia(statement.GetTrailingTrivia().Where(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia) || trivia.IsKind(SyntaxKind.WhitespaceTrivia))))));
    }

    // The function's own block, or one in it that no loop repeats.
    private static BlockSyntax? BlockAround(SyntaxNode first, SyntaxNode root)
    {
        BlockSyntax? innermost = null;
        foreach (var around in first.Ancestors().TakeWhile(around => around != root))
        {
            switch (around)
            {
                case BlockSyntax block:
                    innermost ??= block;
                    break;
                case CommonForEachStatementSyntax or ForStatementSyntax or WhileStatementSyntax or DoStatementSyntax or LabeledStatementSyntax or SwitchSectionSyntax:
                    innermost = null;
                    break;
                case AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax:
                    return innermost;
            }
        }

        return innermost;
    }

    /// <summary>The nodes that use the stream: loops over it, and its name anywhere else.</summary>
    private IEnumerable<SyntaxNode> Uses(SyntaxNode root, int from) => root.DescendantNodes()
        .OfType<IdentifierNameSyntax>()
        .Where(name => name.SpanStart >= from && name.Identifier.ValueText == stream.Name
            && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name, cancellationToken).Symbol, stream))
        .Select(name => LoopOver(name) ?? (SyntaxNode)name);

    // With a token or a way to await, which a list has no use for.
    private static CommonForEachStatementSyntax? LoopOver(ExpressionSyntax name)
    {
        var source = name;
        while (source.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "WithCancellation" or "ConfigureAwait", Parent: InvocationExpressionSyntax call } access && access.Expression == source)
            source = call;
        return source.Parent is CommonForEachStatementSyntax loop && loop.Expression == source && loop.AwaitKeyword.IsKind(SyntaxKind.AwaitKeyword) ? loop : null;
    }

    private static SyntaxNode Instead(SyntaxNode use, IdentifierNameSyntax kept) => use switch
    {
        ForEachStatementSyntax loop => loop.WithAwaitKeyword(default).WithForEachKeyword(loop.ForEachKeyword.WithLeadingTrivia(loop.AwaitKeyword.LeadingTrivia)).WithExpression(kept.WithTriviaFrom(loop.Expression)),
        ForEachVariableStatementSyntax loop => loop.WithAwaitKeyword(default).WithForEachKeyword(loop.ForEachKeyword.WithLeadingTrivia(loop.AwaitKeyword.LeadingTrivia)).WithExpression(kept.WithTriviaFrom(loop.Expression)),
        _ => Call(kept, "ToAsyncEnumerable").WithTriviaFrom(use),
    };

    private AwaitExpressionSyntax ToList(ExpressionSyntax source, SyntaxNode place)
    {
        var token = AsyncScope.Token(place, model, cancellationToken);
        var call = Call(source, "ToListAsync", token is null ? [] : [SyntaxFactory.Argument(SyntaxFactory.IdentifierName(token))]);
        return SyntaxFactory.AwaitExpression(call).WithAdditionalAnnotations(Formatter.Annotation);
    }

    private static InvocationExpressionSyntax Call(ExpressionSyntax target, string method, params ArgumentSyntax[] arguments) => SyntaxFactory.InvocationExpression(
        SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, target, SyntaxFactory.IdentifierName(method)),
        SyntaxFactory.ArgumentList(SyntaxFactory.SeparatedList(arguments)));

    private string FreeName(BlockSyntax block)
    {
        var wanted = "all" + char.ToUpperInvariant(stream.Name[0]) + stream.Name.Substring(1);
        var taken = new HashSet<string>(model.LookupSymbols(block.SpanStart).Select(symbol => symbol.Name)
            .Concat(block.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText)));
        var free = wanted;
        for (var i = 2; taken.Contains(free); i++)
            free = $"{wanted}{i}";
        return free;
    }
}
