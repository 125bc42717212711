using Grpc.Core;
using Plugwire.Wire.Http2;

namespace Plugwire.Wire.Rpc.Client;

/// <summary>What a client knows of a call that has failed.</summary>
/// <param name="Method">The method's full name.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Trailers">The server's; empty when there were none.</param>
/// <param name="End">What ended it.</param>
/// <param name="MaybeExecuted">
/// Whether the server can have executed it. False only when its header list has not been handed to the transport and never will be, or when the server has said that
/// it has not looked at it (RFC 9113 sections 6.8 and 8.7).
/// </param>
/// <param name="Explanation">What is known of the connection's end, or of the server's leave, when that is what ended the call.</param>
internal readonly record struct CallFailure(
    string Method, Status Status, Metadata Trailers, CallEnd End, bool MaybeExecuted, LossExplanation? Explanation)
{
    /// <summary>The exception of a client that knows nothing more of the call's server.</summary>
    public RpcException ToException() => new(Status, Trailers, $"{Method}: {Status}");
}
