using Grpc.Core;

namespace Plugwire.Wire.Rpc.Server;

/// <summary>A stream of requests, one response.</summary>
internal sealed class ClientStreamingRpcMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse> handler)
    : TypedRpcMethod<TRequest, TResponse>(method)
    where TRequest : class
    where TResponse : class
{
    public override async Task InvokeAsync(ServerCall<TRequest, TResponse> call)
    {
        var response = await handler(new RpcStreamReader<TRequest>(call), call.Context).ConfigureAwait(false);
        call.Complete(response);
    }
}
