using Grpc.Core;

namespace Plugwire.Testing.Fakes.Local;

/// <summary>Takes the handlers of a service, of whatever kind, as <see cref="CallHandler{TRequest, TResponse}"/>.</summary>
/// <param name="take">Gets each method, and its handler of the method's types.</param>
internal sealed class HandlerBinder(Action<IMethod, Delegate> take) : ServiceBinderBase
{
    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
        Take<TRequest, TResponse>(method, async (requests, responses, context) =>
            await responses.WriteAsync(await handler!(await FirstAsync(requests).ConfigureAwait(false), context).ConfigureAwait(false)).ConfigureAwait(false));

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
        Take<TRequest, TResponse>(method, async (requests, responses, context) =>
            await responses.WriteAsync(await handler!(requests, context).ConfigureAwait(false)).ConfigureAwait(false));

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
        Take<TRequest, TResponse>(method, async (requests, responses, context) =>
            await handler!(await FirstAsync(requests).ConfigureAwait(false), responses, context).ConfigureAwait(false));

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
        Take<TRequest, TResponse>(method, (requests, responses, context) => handler!(requests, responses, context));

    private static async Task<TRequest> FirstAsync<TRequest>(IAsyncStreamReader<TRequest> requests) =>
        await requests.MoveNext(CancellationToken.None).ConfigureAwait(false)
            ? requests.Current
            : throw new RpcException(new Status(StatusCode.Internal, "The call ended without a request."));

    private void Take<TRequest, TResponse>(IMethod method, CallHandler<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class => take(method, handler);
}
