using Grpc.Core;

namespace Plugwire.Wire.Rpc.Server;

/// <summary>What a handler's context asks of its call: one view of the calls of all message types.</summary>
internal interface IServerCall
{
    string Method { get; }

    /// <summary>Who calls, as gRPC writes it.</summary>
    string Peer { get; }

    CancellationToken CancellationToken { get; }

    /// <exception cref="InvalidOperationException">They have been sent.</exception>
    Task WriteHeadersAsync(Metadata metadata);
}
