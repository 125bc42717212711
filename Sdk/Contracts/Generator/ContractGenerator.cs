using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Plugwire.Contracts.Generator.Diagnostics;
using Plugwire.Contracts.Generator.Emitting;
using Plugwire.Contracts.Generator.Model;
using Plugwire.Contracts.Generator.Naming;
using Plugwire.Contracts.Generator.Reading;

namespace Plugwire.Contracts.Generator;

/// <summary>
/// Generates the typed contract of every service that Grpc.Tools has generated in a compilation. Between the steps there are values alone, so that
/// an edit makes the generator do again what depends on it, and nothing else.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class ContractGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var readings = context.SyntaxProvider
            .CreateSyntaxProvider(
                static (node, _) => ServiceReader.IsServiceName(node),
                static (found, _) => ServiceReader.Read((VariableDeclaratorSyntax)found.Node))
            .SelectMany(static (reading, _) => Some(reading))
            .WithTrackingName(GeneratorSteps.Readings);
        var services = readings
            .SelectMany(static (reading, _) => Some(reading.Service))
            .WithTrackingName(GeneratorSteps.Services);
        var keys = readings
            .SelectMany(static (reading, _) => Some(reading.Service is null ? null : ServiceKey.Of(reading.Service, reading.Place)))
            .Collect();
        var declared = context.SyntaxProvider
            .CreateSyntaxProvider(static (node, _) => DeclaredNameReader.IsDeclaration(node), static (found, _) => new EquatableArray<DeclaredName>(DeclaredNameReader.Read(found.Node)))
            .SelectMany(static (names, _) => names)
            .Collect();
        var names = keys.Combine(declared)
            .Select(static (all, _) => ContractNames.Choose(all.Left, all.Right))
            .WithTrackingName(GeneratorSteps.Names);
        var contracts = services.Combine(names.Select(static (chosen, _) => chosen.Unusual))
            .SelectMany(static (both, _) => Some(ContractNames.NameContract(both.Left, both.Right)))
            .WithTrackingName(GeneratorSteps.Contracts);
        var problems = readings
            .SelectMany(static (reading, _) => reading.Service is null ? reading.Problems : reading.Problems.Concat(MethodNames.Problems(reading.Service, reading.Place)));

        context.RegisterSourceOutput(contracts, static (output, contract) => output.AddSource($"{contract.FileName}.Contract.g.cs", ContractEmitter.Emit(contract)));
        context.RegisterSourceOutput(problems, static (output, problem) => output.ReportDiagnostic(problem.ToDiagnostic()));
        context.RegisterSourceOutput(names, static (output, chosen) => Report(output, chosen.Problems));
    }

    private static IEnumerable<T> Some<T>(T? value)
        where T : class => value is null ? [] : [value];

    private static void Report(SourceProductionContext output, EquatableArray<Problem> problems)
    {
        foreach (var problem in problems)
            output.ReportDiagnostic(problem.ToDiagnostic());
    }
}
