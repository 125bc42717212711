using Grpc.Core;

namespace Plugwire.Handling;

/// <summary>A stream of requests, a stream of responses.</summary>
/// <typeparam name="TContract">The contract.</typeparam>
/// <typeparam name="TRequest">The requests' type.</typeparam>
/// <typeparam name="TResponse">The responses' type.</typeparam>
/// <param name="method">The method as Grpc.Tools generated it.</param>
/// <param name="handler">Calls the contract's method on an implementation. Static: nothing is captured.</param>
public sealed class DuplexStreamingMethod<TContract, TRequest, TResponse>(
    Method<TRequest, TResponse> method, Func<TContract, IAsyncEnumerable<TRequest>, CallContext, CancellationToken, IAsyncEnumerable<TResponse>> handler)
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
            binder.AddMethod(method, (DuplexStreamingServerMethod<TRequest, TResponse>?)null);
        else
            binder.AddMethod(method, (requests, responses, context) => HandleAsync(implementation, requests, responses, context));
    }

    private async Task HandleAsync(
        TContract implementation, IAsyncStreamReader<TRequest> requests, IServerStreamWriter<TResponse> responses, ServerCallContext context)
    {
        var call = new HandledCall(context);
        try
        {
            var answers = handler(implementation, new RequestStream<TRequest>(requests, method, call.Token), call.Context, call.Token);
            await call.AnswerAllAsync(answers, responses).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            await call.FailAsync(exception).ConfigureAwait(false);
        }
    }
}
