using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Simplification;
using Plugwire.Contracts.Analyzers.Blocking;

namespace Plugwire.Contracts.CodeFixes;

/// <summary>Says what to await instead of what blocks.</summary>
/// <param name="generator">Makes the syntax.</param>
/// <param name="compilation">Where it is compiled.</param>
/// <param name="token">The name of the token at hand; null where there is none.</param>
internal sealed class Awaiting(SyntaxGenerator generator, Compilation compilation, string? token)
{
    /// <returns>The node to replace and what takes its place; null where nothing can be awaited without a change of what is around.</returns>
    public (SyntaxNode Old, SyntaxNode New)? Instead(BlockingWait wait, ExpressionSyntax node)
    {
        if (wait.Kind == BlockingKind.Enumerate)
            return Enumerate(node);

        var isStatement = node.Parent is ExpressionStatementSyntax;
        var invocation = wait.Operation as IInvocationOperation;
        var parameters = invocation?.TargetMethod.Parameters.Length ?? 0;
        var awaited = wait.Kind switch
        {
            BlockingKind.Result => Task(node),
            BlockingKind.Wait when isStatement && Target(node) is { } task => parameters switch
            {
                0 => task,
                1 when HasToken(invocation!) => Call(task, "WaitAsync", Arguments(node)),
                _ => null, // Its result, or that it goes on when the time is up, would be lost.
            },
            BlockingKind.Sleep => Call(Type("System.Threading.Tasks.Task"), "Delay", WithToken(Arguments(node))),
            BlockingKind.WaitAll when parameters == 1 => Call(Type("System.Threading.Tasks.Task"), "WhenAll", Arguments(node)),
            BlockingKind.WaitAny when parameters == 1 && isStatement => Call(Type("System.Threading.Tasks.Task"), "WhenAny", Arguments(node)),
            BlockingKind.Semaphore when Target(node) is { } semaphore => Call(semaphore, "WaitAsync", HasToken(invocation!) ? Arguments(node) : WithToken(Arguments(node))),
            BlockingKind.Process when parameters == 0 && Target(node) is { } process => Call(process, "WaitForExitAsync", WithToken([])),
            _ => null,
        };
        if (awaited is null)
            return null;

        // The parentheses stay only where something is done to the result.
        var result = SyntaxFactory.AwaitExpression(awaited.WithoutTrivia()).WithAdditionalAnnotations(Formatter.Annotation);
        return (node, isStatement ? result : SyntaxFactory.ParenthesizedExpression(result).WithAdditionalAnnotations(Simplifier.Annotation));
    }

    // foreach (… in stream.ToBlockingEnumerable(token)) becomes await foreach (… in stream.WithCancellation(token)).
    private static (SyntaxNode Old, SyntaxNode New)? Enumerate(ExpressionSyntax node)
    {
        if (node.Parent is not CommonForEachStatementSyntax loop || loop.Expression != node || Target(node) is not { } stream)
            return null;

        var source = Arguments(node) is { Length: > 0 } arguments ? Call(stream.WithoutTrivia(), "WithCancellation", arguments) : stream.WithoutTrivia();
        var awaitKeyword = SyntaxFactory.Token(SyntaxKind.AwaitKeyword).WithLeadingTrivia(loop.ForEachKeyword.LeadingTrivia).WithTrailingTrivia(SyntaxFactory.Space);
        var forEachKeyword = loop.ForEachKeyword.WithLeadingTrivia();
        return (loop, loop switch
        {
            ForEachStatementSyntax simple => simple.WithForEachKeyword(forEachKeyword).WithAwaitKeyword(awaitKeyword).WithExpression(source),
            ForEachVariableStatementSyntax deconstructing => deconstructing.WithForEachKeyword(forEachKeyword).WithAwaitKeyword(awaitKeyword).WithExpression(source),
            _ => loop,
        });
    }

    // task.Result, or task.GetAwaiter().GetResult(), with whatever ConfigureAwait stands between.
    private static ExpressionSyntax? Task(ExpressionSyntax node) =>
        node is MemberAccessExpressionSyntax access ? access.Expression : Target(node) is InvocationExpressionSyntax getAwaiter ? Target(getAwaiter) : null;

    private static ExpressionSyntax? Target(ExpressionSyntax node) =>
        node is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } ? access.Expression : null;

    private static ArgumentSyntax[] Arguments(ExpressionSyntax node) => [.. ((InvocationExpressionSyntax)node).ArgumentList.Arguments];

    private static InvocationExpressionSyntax Call(ExpressionSyntax target, string method, ArgumentSyntax[] arguments) => SyntaxFactory.InvocationExpression(
        SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, target, SyntaxFactory.IdentifierName(method)),
        SyntaxFactory.ArgumentList(SyntaxFactory.SeparatedList(arguments)));

    private ArgumentSyntax[] WithToken(ArgumentSyntax[] arguments) =>
        token is null ? arguments : [.. arguments, SyntaxFactory.Argument(SyntaxFactory.IdentifierName(token))];

    private static bool HasToken(IInvocationOperation invocation) =>
        invocation.Arguments.Any(argument => argument.ArgumentKind == ArgumentKind.Explicit && argument.Parameter?.Type.Name == "CancellationToken");

    private TypeSyntax Type(string name) => Replacement.New((TypeSyntax)generator.TypeExpression(compilation.GetTypeByMetadataName(name)!));
}
