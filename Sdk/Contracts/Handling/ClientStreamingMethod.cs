using Grpc.Core;

namespace Plugwire.Handling;

/// <summary>A stream of requests, one response.</summary>
/// <typeparam name="TContract">The contract.</typeparam>
/// <typeparam name="TRequest">The requests' type.</typeparam>
/// <typeparam name="TResponse">The responses' type.</typeparam>
/// <param name="method">The method as Grpc.Tools generated it.</param>
/// <param name="handler">Calls the contract's method on an implementation. Static: nothing is captured.</param>
public sealed class ClientStreamingMethod<TContract, TRequest, TResponse>(
    Method<TRequest, TResponse> method, Func<TContract, IAsyncEnumerable<TRequest>, CallContext, CancellationToken, ValueTask<TResponse>> handler)
    : ContractMethod<TContract>(method)
    where TContract : class, IContract<TContract>
    where TRequest : class
    where TResponse : class
{
    /// <inheritdoc/>
    public override void Bind(ServiceBinderBase binder, TContract? implementation)
    {
        ArgumentNullException.ThrowIfNull(binder);
        if (implementation is null)
            binder.AddMethod(method, (ClientStreamingServerMethod<TRequest, TResponse>?)null);
        else
            binder.AddMethod(method, (requests, context) => HandleAsync(implementation, requests, context));
    }

    private Task<TResponse> HandleAsync(TContract implementation, IAsyncStreamReader<TRequest> requests, ServerCallContext context)
    {
        var call = new HandledCall(context);
        try
        {
            return call.AnswerAsync(handler(implementation, new RequestStream<TRequest>(requests, method, call.Token), call.Context, call.Token));
        }
        catch (Exception exception)
        {
            return call.FailAsync<TResponse>(exception);
        }
    }
}
