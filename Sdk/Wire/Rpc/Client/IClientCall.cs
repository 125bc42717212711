using Grpc.Core;

namespace Plugwire.Wire.Rpc.Client;

/// <summary>What Grpc.Core's call objects ask of a call: one view of the calls of all message types.</summary>
internal interface IClientCall : IDisposable
{
    /// <summary>The response's metadata; faulted when the call ended before they came.</summary>
    Task<Metadata> ResponseHeadersAsync { get; }

    /// <exception cref="InvalidOperationException">The call has not ended.</exception>
    Status Status { get; }

    /// <exception cref="InvalidOperationException">The call has not ended.</exception>
    Metadata Trailers { get; }
}
