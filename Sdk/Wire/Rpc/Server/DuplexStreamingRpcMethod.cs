using Grpc.Core;

namespace Plugwire.Wire.Rpc.Server;

/// <summary>A stream of requests, a stream of responses.</summary>
internal sealed class DuplexStreamingRpcMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse> handler)
    : TypedRpcMethod<TRequest, TResponse>(method)
    where TRequest : class
    where TResponse : class
{
    public override async Task InvokeAsync(ServerCall<TRequest, TResponse> call)
    {
        await handler(new RpcStreamReader<TRequest>(call), new ServerStreamWriter<TRequest, TResponse>(call), call.Context).ConfigureAwait(false);
        call.Complete();
    }
}
