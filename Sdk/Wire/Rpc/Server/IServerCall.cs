using Grpc.Core;

namespace Plugwire.Wire.Rpc.Server;

/// <summary>What a handler's context asks of its call: one view of the calls of all message types.</summary>
internal interface IServerCall
{
    string Method { get; }

    /// <summary>Where the caller is, for people.</summary>
    string RemoteAddress { get; }

    CancellationToken CancellationToken { get; }

    /// <exception cref="InvalidOperationException">They have been sent.</exception>
    Task WriteHeadersAsync(Metadata metadata);
}
