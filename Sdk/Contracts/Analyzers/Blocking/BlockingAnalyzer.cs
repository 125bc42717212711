using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Plugwire.Contracts.Analyzers.Blocking;

/// <summary>Names what blocks a thread in the methods that handle a contract's calls, and in what these call of their own type.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class BlockingAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.Blocking];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (ContractSymbols.Of(start.Compilation) is { } symbols)
                start.RegisterSymbolStartAction(context => Start(context, symbols), SymbolKind.NamedType);
        });
    }

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
