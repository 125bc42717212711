using Microsoft.CodeAnalysis;

namespace Plugwire.Contracts.Analyzers.Streams;

/// <summary>One enumeration of a stream, at the local or parameter by which it is named there.</summary>
internal sealed class StreamRead(IOperation reference)
{
    public IOperation Reference { get; } = reference;
}
