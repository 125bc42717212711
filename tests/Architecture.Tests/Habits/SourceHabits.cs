using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Plugwire.Architecture.Tests.Tree;

namespace Plugwire.Architecture.Tests.Habits;

/// <summary>What no source file does: leave a task without an owner, or silence the compiler without a reason.</summary>
internal static class SourceHabits
{
    public static IEnumerable<string> Violations(SourceFile source)
    {
        var root = source.Parse().GetRoot(TestContext.Current.CancellationToken);
        foreach (var node in root.DescendantNodes(descendIntoTrivia: true))
        {
            var violation = node switch
            {
                MethodDeclarationSyntax method when IsAsyncVoid(method.Modifiers, method.ReturnType) =>
                    $"async void {method.Identifier.Text}: nobody owns its task, and its exception ends the process.",
                LocalFunctionStatementSyntax function when IsAsyncVoid(function.Modifiers, function.ReturnType) =>
                    $"async void {function.Identifier.Text}: nobody owns its task, and its exception ends the process.",
                PragmaWarningDirectiveTriviaSyntax pragma when pragma.DisableOrRestoreKeyword.IsKind(SyntaxKind.DisableKeyword) && !HasReason(pragma) =>
                    "#pragma warning disable without a reason: write it behind, as // comment.",
                AttributeSyntax attribute when Name(attribute) is "SuppressMessage" or "UnconditionalSuppressMessage" && !HasJustification(attribute) =>
                    $"{Name(attribute)} without a Justification.",
                _ => null,
            };
            if (violation is not null)
                yield return $"{source.Path}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}: {violation}";
        }
    }

    /// <summary>Async lambdas that became delegates without a result: only their meaning tells.</summary>
    public static IEnumerable<string> AsyncVoidLambdas(CSharpCompilation compilation)
    {
        foreach (var tree in compilation.SyntaxTrees)
        {
            var lambdas = tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<AnonymousFunctionExpressionSyntax>()
                .Where(lambda => lambda.AsyncKeyword.IsKind(SyntaxKind.AsyncKeyword));
            foreach (var lambda in lambdas)
            {
                var type = compilation.GetSemanticModel(tree).GetTypeInfo(lambda, TestContext.Current.CancellationToken).ConvertedType as INamedTypeSymbol;
                if (type?.DelegateInvokeMethod is { ReturnsVoid: true })
                    yield return $"{tree.FilePath}:{lambda.GetLocation().GetLineSpan().StartLinePosition.Line + 1}: an async lambda as {type.Name}: nobody owns its task.";
            }
        }
    }

    private static bool IsAsyncVoid(SyntaxTokenList modifiers, TypeSyntax returnType) =>
        modifiers.Any(SyntaxKind.AsyncKeyword) && returnType is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword };

    private static bool HasReason(PragmaWarningDirectiveTriviaSyntax pragma) =>
        pragma.EndOfDirectiveToken.LeadingTrivia.Concat(pragma.DescendantTrivia()).Any(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia));

    private static bool HasJustification(AttributeSyntax attribute) =>
        attribute.ArgumentList?.Arguments.Any(argument => argument.NameEquals?.Name.Identifier.Text == "Justification") == true;

    private static string Name(AttributeSyntax attribute) => attribute.Name switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.Text,
        SimpleNameSyntax simple => simple.Identifier.Text,
        _ => "",
    };
}
