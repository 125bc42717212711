using Grpc.Core;

namespace Plugwire.Handling;

/// <summary>One request, a stream of responses.</summary>
/// <typeparam name="TContract">The contract.</typeparam>
/// <typeparam name="TRequest">The requests' type.</typeparam>
/// <typeparam name="TResponse">The responses' type.</typeparam>
/// <param name="method">The method as Grpc.Tools generated it.</param>
/// <param name="handler">Calls the contract's method on an implementation. Static: nothing is captured.</param>
public sealed class ServerStreamingMethod<TContract, TRequest, TResponse>(
    Method<TRequest, TResponse> method, Func<TContract, TRequest, CallContext, CancellationToken, IAsyncEnumerable<TResponse>> handler)
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
            binder.AddMethod(method, (ServerStreamingServerMethod<TRequest, TResponse>?)null);
        else
            binder.AddMethod(method, (request, responses, context) => HandleAsync(implementation, request, responses, context));
    }

    private async Task HandleAsync(TContract implementation, TRequest request, IServerStreamWriter<TResponse> responses, ServerCallContext context)
    {
        var call = new HandledCall(context);
        try
        {
            await call.AnswerAllAsync(handler(implementation, request, call.Context, call.Token), responses).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            await call.FailAsync(exception).ConfigureAwait(false);
        }
    }
}
