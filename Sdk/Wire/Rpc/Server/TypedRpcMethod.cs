using Grpc.Core;
using Plugwire.Wire.Http2;

namespace Plugwire.Wire.Rpc.Server;

/// <summary>One method with its messages' types; a kind of call derives from it and says how its handler is called.</summary>
internal abstract class TypedRpcMethod<TRequest, TResponse>(Method<TRequest, TResponse> method) : RpcMethod(method)
    where TRequest : class
    where TResponse : class
{
    public Method<TRequest, TResponse> Method { get; } = method;

    /// <summary>Whether the handler is called with the one request, and so only once that has come whole.</summary>
    public bool TakesOneRequest => Method.Type is MethodType.Unary or MethodType.ServerStreaming;

    public sealed override Http2Stream CreateCall(Http2Connection connection, RpcServerConnection server) =>
        new ServerCall<TRequest, TResponse>(connection, this, server);

    /// <summary>Runs the handler to its end, and sends what it answers.</summary>
    public abstract Task InvokeAsync(ServerCall<TRequest, TResponse> call);
}
