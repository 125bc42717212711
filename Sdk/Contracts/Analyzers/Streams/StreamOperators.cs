using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Plugwire.Contracts.Analyzers.Streams;

/// <summary>What is done to a stream without reading it, and what reads it.</summary>
internal static class StreamOperators
{
    /// <summary>Whether an invocation makes of streams another one, or of a task another way to await it, and reads or awaits nothing yet.</summary>
    public static bool IsLazy(IInvocationOperation invocation, ContractSymbols symbols) => invocation.TargetMethod switch
    {
        { Name: "ConfigureAwait" or "WithCancellation" or "AsTask" or "Preserve" } => true,
        { ContainingType: { Name: "AsyncEnumerable" } type } method => IsOfLinq(type) && symbols.IsStream(method.ReturnType),
        _ => false,
    };

    /// <summary>Whether an invocation reads the streams that it is given.</summary>
    public static bool Reads(IInvocationOperation invocation, ContractSymbols symbols) => invocation.TargetMethod switch
    {
        { Name: "GetAsyncEnumerator" or "ToBlockingEnumerable" } => true,
        { ContainingType: { Name: "AsyncEnumerable" } type } method when IsOfLinq(type) => !symbols.IsStream(method.ReturnType),
        var method => symbols.ContractMethodOf(method) is { } called && !symbols.IsStream(called.ReturnType),
    };

    private static bool IsOfLinq(INamedTypeSymbol type) => type.ContainingNamespace is { Name: "Linq", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } };
}
