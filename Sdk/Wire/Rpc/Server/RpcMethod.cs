using Grpc.Core;
using Plugwire.Wire.Http2;

namespace Plugwire.Wire.Rpc.Server;

/// <summary>One method that a server serves, whatever its messages are.</summary>
internal abstract class RpcMethod(IMethod method)
{
    public string Path { get; } = method.FullName;

    public string ServiceName { get; } = method.ServiceName;

    /// <summary>Makes the call that a client has begun.</summary>
    public abstract Http2Stream CreateCall(Http2Connection connection, RpcServerConnection server);
}
