using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Plugwire.Contracts.Analyzers;

/// <summary>What all analyzers have in common: one rule each, many threads, nothing said of generated code, and no work where there are no contracts.</summary>
internal abstract class ContractAnalyzer(DiagnosticDescriptor rule) : DiagnosticAnalyzer
{
    public sealed override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [rule];

    public sealed override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (ContractSymbols.Of(start.Compilation) is { } symbols)
                Start(start, symbols);
        });
    }

    /// <summary>Registers what looks at a compilation that has contracts.</summary>
    protected abstract void Start(CompilationStartAnalysisContext context, ContractSymbols symbols);
}
