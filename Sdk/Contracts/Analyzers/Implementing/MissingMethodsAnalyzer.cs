using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Plugwire.Contracts.Analyzers.Implementing;

/// <summary>Names the methods that an implementation leaves out: all of one contract at once, at the name of the class.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class MissingMethodsAnalyzer() : ContractAnalyzer(Rules.MissingMethods)
{
    protected override void Start(CompilationStartAnalysisContext context, ContractSymbols symbols) =>
        context.RegisterSymbolAction(type => Analyze(type, symbols), SymbolKind.NamedType);

    private static void Analyze(SymbolAnalysisContext context, ContractSymbols symbols)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.IsAbstract || !symbols.IsImplementation(type))
            return;

        foreach (var contract in symbols.ContractsOf(type))
        {
            // What a class leaves out is said of it, and not again of all that derive from it.
            if (!type.Interfaces.Contains(contract, SymbolEqualityComparer.Default) && HasConcreteBase(type, contract))
                continue;
            if (symbols.LeftOut(type, contract) is not { Length: > 0 } leftOut)
                continue;

            var names = string.Join(", ", leftOut.Select(method => method.Name));
            var count = leftOut.Length == 1 ? "a method" : $"{leftOut.Length} methods";
            var properties = ImmutableDictionary<string, string?>.Empty.Add(Rules.ContractProperty, contract.ToDisplayString());
            context.ReportDiagnostic(Diagnostic.Create(
                Rules.MissingMethods, Place(type, context.CancellationToken), properties, type.Name, count, contract.Name, names));
        }
    }

    private static bool HasConcreteBase(INamedTypeSymbol type, INamedTypeSymbol contract)
    {
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            if (!parent.IsAbstract && parent.AllInterfaces.Contains(contract, SymbolEqualityComparer.Default))
                return true;
        }

        return false;
    }

    // Of a class in several files the part that says what it implements.
    private static Location Place(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        var part = type.DeclaringSyntaxReferences
            .Select(reference => reference.GetSyntax(cancellationToken))
            .OfType<TypeDeclarationSyntax>()
            .FirstOrDefault(declaration => declaration.BaseList is not null);
        return part?.Identifier.GetLocation() ?? type.Locations[0];
    }
}
