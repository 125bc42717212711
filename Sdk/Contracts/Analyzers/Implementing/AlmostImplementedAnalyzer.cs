using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Plugwire.Contracts.Analyzers.Implementing;

/// <summary>Names methods that were meant to implement a contract's and do not, which the compiler does not notice.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class AlmostImplementedAnalyzer() : ContractAnalyzer(Rules.AlmostImplemented)
{
    protected override void Start(CompilationStartAnalysisContext context, ContractSymbols symbols) =>
        context.RegisterSymbolAction(type => Analyze(type, symbols), SymbolKind.NamedType);

    /// <summary>The contract's method that a method was meant to implement; null when there is no such.</summary>
    public static IMethodSymbol? MeantBy(IMethodSymbol method, ContractSymbols symbols) =>
        symbols.ContractsOf(method.ContainingType)
            .SelectMany(contract => symbols.LeftOut(method.ContainingType, contract))
            .FirstOrDefault(leftOut => IsMeant(method, leftOut, symbols));

    private static void Analyze(SymbolAnalysisContext context, ContractSymbols symbols)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (!symbols.IsImplementation(type))
            return;

        foreach (var contract in symbols.ContractsOf(type))
        {
            foreach (var leftOut in symbols.LeftOut(type, contract))
            {
                foreach (var method in type.GetMembers(leftOut.Name).OfType<IMethodSymbol>().Where(method => IsMeant(method, leftOut, symbols)))
                {
                    context.ReportDiagnostic(Diagnostic.Create(
                        Rules.AlmostImplemented, method.Locations[0], method.Name, $"{contract.Name}.{leftOut.Name}", Difference(method, leftOut)));
                }
            }
        }
    }

    // The name alone may be chance, when a contract has grown: one of the messages must be the same too.
    private static bool IsMeant(IMethodSymbol method, IMethodSymbol leftOut, ContractSymbols symbols) =>
        method is { MethodKind: MethodKind.Ordinary, Arity: 0 }
        && method.Name == leftOut.Name
        && (method.Parameters.Any(parameter => Same(parameter.Type, leftOut.Parameters[0].Type)) || Same(Message(method.ReturnType), Message(leftOut.ReturnType)))
        && symbols.ContractMethodOf(method) is null;

    private static string Difference(IMethodSymbol method, IMethodSymbol leftOut)
    {
        if (!Same(method.ReturnType, leftOut.ReturnType))
            return $"it returns {Name(method.ReturnType)}, the contract's {Name(leftOut.ReturnType)}";
        if (!method.Parameters.Select(parameter => parameter.Type).SequenceEqual(leftOut.Parameters.Select(parameter => parameter.Type), SymbolEqualityComparer.Default))
            return $"it takes {Names(method)}, the contract's {Names(leftOut)}";
        if (method.Parameters.Any(parameter => parameter.RefKind != RefKind.None))
            return "it takes a parameter by reference";
        return method.IsStatic ? "it is static" : "it is not public";
    }

    private static ITypeSymbol Message(ITypeSymbol result) => result is INamedTypeSymbol { Arity: 1 } named ? named.TypeArguments[0] : result;

    private static string Names(IMethodSymbol method) => $"({string.Join(", ", method.Parameters.Select(parameter => Name(parameter.Type)))})";

    private static string Name(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);

    private static bool Same(ITypeSymbol one, ITypeSymbol other) => SymbolEqualityComparer.Default.Equals(one, other);
}
