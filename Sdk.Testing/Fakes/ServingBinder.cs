using Grpc.Core;

namespace Plugwire.Testing.Fakes;

/// <summary>Lets a fake serve on the wire the methods that are added to it by name.</summary>
internal sealed class ServingBinder(ServiceBinderBase server, FakeServer fake) : ServiceBinderBase
{
    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
        server.AddMethod(method, async (request, context) => await OneAsync(method, new TestStreamReader<TRequest>(request), context).ConfigureAwait(false));

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
        server.AddMethod(method, async (requests, context) => await OneAsync(method, requests, context).ConfigureAwait(false));

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
        server.AddMethod(method, (request, responses, context) => fake.HandleAsync(method, new TestStreamReader<TRequest>(request), responses, context));

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
        server.AddMethod(method, (requests, responses, context) => fake.HandleAsync(method, requests, responses, context));

    private async Task<TResponse> OneAsync<TRequest, TResponse>(Method<TRequest, TResponse> method, IAsyncStreamReader<TRequest> requests, ServerCallContext context)
        where TRequest : class
        where TResponse : class
    {
        var response = new TestStreamWriter<TResponse>();
        await fake.HandleAsync(method, requests, response, context).ConfigureAwait(false);
        return response.Messages[0];
    }
}
