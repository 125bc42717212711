using Grpc.Core;

namespace Plugwire.Wire.Rpc.Server;

/// <summary>One request, one response.</summary>
internal sealed class UnaryRpcMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse> handler)
    : TypedRpcMethod<TRequest, TResponse>(method)
    where TRequest : class
    where TResponse : class
{
    public override async Task InvokeAsync(ServerCall<TRequest, TResponse> call)
    {
        var response = await handler(call.TakeRequest(), call.Context).ConfigureAwait(false);
        call.Complete(response);
    }
}
