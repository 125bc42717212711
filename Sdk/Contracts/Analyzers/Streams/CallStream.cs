using Microsoft.CodeAnalysis;

namespace Plugwire.Contracts.Analyzers.Streams;

/// <summary>A local or parameter that holds the stream of a call, and where it is enumerated in its own function.</summary>
internal sealed class CallStream(ISymbol symbol)
{
    public ISymbol Symbol { get; } = symbol;

    /// <summary>The method, local function or lambda that it belongs to.</summary>
    public ISymbol Function => Symbol.ContainingSymbol;

    public List<StreamRead> Reads { get; } = [];
}
