using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Plugwire.Contracts.Generator.Emitting;
using Plugwire.Contracts.Generator.Model;
using Plugwire.Contracts.Generator.Naming;
using Plugwire.Contracts.Generator.Reading;

namespace Plugwire.Contracts.Generator;

/// <summary>Generates the typed contract of every service that Grpc.Tools has generated in a compilation.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class ContractGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var services = context.SyntaxProvider
            .CreateSyntaxProvider(static (node, _) => ServiceReader.IsService(node), static (found, _) => ServiceReader.Read((ClassDeclarationSyntax)found.Node))
            .WithTrackingName(GeneratorSteps.Services);
        var contracts = services.Select(static (service, _) => Name(service)).WithTrackingName(GeneratorSteps.Contracts);
        context.RegisterSourceOutput(contracts, static (output, contract) =>
            output.AddSource($"{contract.Service.ServiceName}.Contract.g.cs", ContractEmitter.Emit(contract)));
    }

    private static ContractModel Name(ServiceModel service) => new(
        service,
        "I" + PascalCase.Of(service.ClassName),
        service.Methods.Select(method => PascalCase.Of(method.Name) is var name && name.EndsWith("Async", StringComparison.Ordinal) ? name : name + "Async").ToImmutableArray());
}
