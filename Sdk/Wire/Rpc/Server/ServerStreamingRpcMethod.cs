using Grpc.Core;

namespace Plugwire.Wire.Rpc.Server;

/// <summary>One request, a stream of responses.</summary>
internal sealed class ServerStreamingRpcMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse> handler)
    : TypedRpcMethod<TRequest, TResponse>(method)
    where TRequest : class
    where TResponse : class
{
    public override async Task InvokeAsync(ServerCall<TRequest, TResponse> call)
    {
        await handler(call.TakeRequest(), new ServerStreamWriter<TRequest, TResponse>(call), call.Context).ConfigureAwait(false);
        call.Complete();
    }
}
