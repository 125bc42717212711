using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Plugwire.Contracts.Analyzers;

/// <summary>What a compilation knows of contracts. Safe for use by several threads.</summary>
internal sealed class ContractSymbols
{
    private readonly INamedTypeSymbol _contract;
    private readonly INamedTypeSymbol _callContext;
    private readonly INamedTypeSymbol _cancellationToken;
    private readonly INamedTypeSymbol _stream;

    private ContractSymbols(INamedTypeSymbol contract, INamedTypeSymbol callContext, INamedTypeSymbol cancellationToken, INamedTypeSymbol stream)
    {
        _contract = contract;
        _callContext = callContext;
        _cancellationToken = cancellationToken;
        _stream = stream;
    }

    /// <returns>Null where there are no contracts, and so nothing to say.</returns>
    public static ContractSymbols? Of(Compilation compilation) =>
        compilation.GetTypeByMetadataName("Plugwire.IContract`1") is { } contract
        && compilation.GetTypeByMetadataName("Plugwire.CallContext") is { } callContext
        && compilation.GetTypeByMetadataName("System.Threading.CancellationToken") is { } cancellationToken
        && compilation.GetTypeByMetadataName("System.Collections.Generic.IAsyncEnumerable`1") is { } stream
            ? new ContractSymbols(contract, callContext, cancellationToken, stream)
            : null;

    public bool IsStream(ITypeSymbol? type) => Same(type?.OriginalDefinition, _stream);

    public bool IsCancellationToken(ITypeSymbol? type) => Same(type, _cancellationToken);

    /// <summary>The contracts that a type implements.</summary>
    public IEnumerable<INamedTypeSymbol> ContractsOf(ITypeSymbol type) => type.AllInterfaces.Where(IsContract);

    public bool IsImplementation(ITypeSymbol? type) => type?.TypeKind is TypeKind.Class or TypeKind.Struct && type.AllInterfaces.Any(IsContract);

    /// <summary>The methods of a contract that are called over the wire, in their order; not what its author has added to the interface.</summary>
    public IEnumerable<IMethodSymbol> MethodsOf(INamedTypeSymbol contract) => contract.GetMembers().OfType<IMethodSymbol>().Where(LooksLikeCall);

    /// <summary>The methods of a contract that answer Unimplemented when they are called on a type.</summary>
    public ImmutableArray<IMethodSymbol> LeftOut(INamedTypeSymbol type, INamedTypeSymbol contract) =>
        [.. MethodsOf(contract).Where(method => type.FindImplementationForInterfaceMember(method) is not { } found || Same(found, method))];

    /// <summary>The method of a contract that a method is, or implements; null for any other method.</summary>
    public IMethodSymbol? ContractMethodOf(IMethodSymbol method)
    {
        if (!LooksLikeCall(method))
            return null;
        if (method.ContainingType.TypeKind == TypeKind.Interface)
            return IsContract(method.ContainingType) ? method : null;

        var first = method.OriginalDefinition;
        while (first.OverriddenMethod is { } overridden)
            first = overridden.OriginalDefinition;
        var type = first.ContainingType;
        return ContractsOf(type).SelectMany(MethodsOf).FirstOrDefault(candidate => Same(type.FindImplementationForInterfaceMember(candidate)?.OriginalDefinition, first));
    }

    private bool IsContract(INamedTypeSymbol type) =>
        type.TypeKind == TypeKind.Interface
        && type.AllInterfaces.Any(parent => Same(parent.OriginalDefinition, _contract) && Same(parent.TypeArguments[0], type));

    // By their shape, which the generator gives to all of them: the message or stream, the context, the token.
    private bool LooksLikeCall(IMethodSymbol method) =>
        method is { IsStatic: false, Arity: 0, Parameters.Length: 3, ReturnType: INamedTypeSymbol { Arity: 1 } }
        && method.MethodKind is (MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation)
        && Same(method.Parameters[1].Type, _callContext)
        && Same(method.Parameters[2].Type, _cancellationToken);

    private static bool Same(ISymbol? one, ISymbol? other) => SymbolEqualityComparer.Default.Equals(one, other);
}
