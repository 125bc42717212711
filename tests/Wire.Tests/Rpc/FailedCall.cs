using Grpc.Core;
using Plugwire.Wire.Rpc.Client;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>What a failed call throws where the test wants to see all that the client knows of it.</summary>
internal sealed class FailedCall(in CallFailure failure) : RpcException(failure.Status, failure.Trailers)
{
    public CallFailure Failure { get; } = failure;
}
