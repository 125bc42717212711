using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Plugwire.Contracts.Analyzers;

namespace Plugwire.Contracts.CodeFixes;

/// <summary>A contract's method as an implementation begins: with the right signature, and a body that says that it is still to be written.</summary>
internal sealed class ContractSkeleton(SyntaxGenerator generator, Compilation compilation, ContractSymbols symbols)
{
    /// <param name="type">The implementation.</param>
    /// <param name="method">The contract's method.</param>
    public SyntaxNode Of(INamedTypeSymbol type, IMethodSymbol method)
    {
        var isStream = symbols.IsStream(method.ReturnType);

        // A method that differs in its result alone already stands there: the two can only be told apart by the contract's name.
        var isExplicit = type.GetMembers(method.Name).OfType<IMethodSymbol>().Any(other =>
            other.Arity == 0 && other.Parameters.Select(parameter => parameter.Type).SequenceEqual(method.Parameters.Select(parameter => parameter.Type), SymbolEqualityComparer.Default));
        var declaration = generator.MethodDeclaration(
            method.Name,
            method.Parameters.Select(parameter => Parameter(parameter, isStream, withDefault: !isExplicit)),
            returnType: Type(method.ReturnType),
            accessibility: isExplicit ? Accessibility.NotApplicable : Accessibility.Public,
            modifiers: isStream ? DeclarationModifiers.Async : DeclarationModifiers.None,
            statements: [isStream ? ThrowInStream(method) : generator.ThrowStatement(NotImplemented())]);
        return isExplicit
            ? ((MethodDeclarationSyntax)declaration).WithExplicitInterfaceSpecifier(
                SyntaxFactory.ExplicitInterfaceSpecifier((NameSyntax)Type(method.ContainingType)))
            : declaration;
    }

    /// <summary>A parameter of a contract's method, as an implementation declares it.</summary>
    /// <param name="parameter">The contract's.</param>
    /// <param name="isIterator">Whether the implementation is an iterator.</param>
    /// <param name="withDefault">Whether the parameter is optional where the contract's is.</param>
    public ParameterSyntax Parameter(IParameterSymbol parameter, bool isIterator, bool withDefault)
    {
        var initializer = withDefault && parameter.HasExplicitDefaultValue ? SyntaxFactory.LiteralExpression(SyntaxKind.DefaultLiteralExpression) : null;
        var declaration = (ParameterSyntax)generator.ParameterDeclaration(parameter.Name, Type(parameter.Type), initializer);
        return isIterator && symbols.IsCancellationToken(parameter.Type) ? WithEnumeratorCancellation(declaration) : declaration;
    }

    /// <summary>An iterator's token, so that it fires also for what is given to WithCancellation.</summary>
    public ParameterSyntax WithEnumeratorCancellation(ParameterSyntax parameter) =>
        compilation.GetTypeByMetadataName("System.Runtime.CompilerServices.EnumeratorCancellationAttribute") is { } attribute
            ? parameter.AddAttributeLists(SyntaxFactory.AttributeList(SyntaxFactory.SingletonSeparatedList(
                SyntaxFactory.Attribute((NameSyntax)Type(attribute)))))
            : parameter;

    public TypeSyntax Type(ITypeSymbol type) => (TypeSyntax)generator.TypeExpression(type);

    // The one short body of an iterator that throws and has nothing for the compiler to warn about: neither unreachable code nor a missing await.
    private YieldStatementSyntax ThrowInStream(IMethodSymbol method)
    {
        var failed = generator.InvocationExpression(
            generator.MemberAccessExpression(
                Type(compilation.GetTypeByMetadataName("System.Threading.Tasks.Task")!),
                generator.GenericName("FromException", ((INamedTypeSymbol)method.ReturnType).TypeArguments[0])),
            NotImplemented());
        return SyntaxFactory.YieldStatement(SyntaxKind.YieldReturnStatement, (ExpressionSyntax)generator.AwaitExpression(failed));
    }

    private SyntaxNode NotImplemented() => generator.ObjectCreationExpression(Type(compilation.GetTypeByMetadataName("System.NotImplementedException")!));
}
