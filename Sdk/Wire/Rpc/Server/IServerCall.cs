using Grpc.Core;

namespace Plugwire.Wire.Rpc.Server;

/// <summary>What a handler's context asks of its call: one view of the calls of all message types.</summary>
internal interface IServerCall
{
    string Method { get; }

    /// <summary>Who calls, as gRPC writes it.</summary>
    string Peer { get; }

    CancellationToken CancellationToken { get; }

    /// <summary>
    /// What ended the call before its handler did: <see cref="StatusCode.Cancelled"/> its caller, <see cref="StatusCode.DeadlineExceeded"/>, <see cref="StatusCode.Aborted"/>
    /// this side, which stops, <see cref="StatusCode.Unavailable"/> the loss of the connection. Null while nothing has; known before <see cref="CancellationToken"/> fires.
    /// </summary>
    StatusCode? EndedBy { get; }

    /// <exception cref="InvalidOperationException">They have been sent.</exception>
    Task WriteHeadersAsync(Metadata metadata);
}
