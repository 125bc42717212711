using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Plugwire.Contracts.Analyzers.Blocking;

/// <summary>Names what blocks a thread in the methods that handle a contract's calls, and in what these call of their own type.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class BlockingAnalyzer() : ContractAnalyzer(Rules.Blocking)
{
    protected override void Start(CompilationStartAnalysisContext context, ContractSymbols symbols) =>
        context.RegisterSymbolStartAction(type => Start(type, symbols), SymbolKind.NamedType);

    private static void Start(SymbolStartAnalysisContext context, ContractSymbols symbols)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (!symbols.IsImplementation(type))
            return;

        var scan = new HandlerScan(type, symbols);
        context.RegisterOperationAction(
            scan.Add, OperationKind.Invocation, OperationKind.PropertyReference, OperationKind.MethodReference);
        context.RegisterSymbolEndAction(scan.Report);
    }
}
