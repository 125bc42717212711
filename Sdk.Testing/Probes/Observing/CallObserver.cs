using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Plugwire.Testing.Probes.Observing;

/// <summary>Stands around all handlers of a plugin, and notes what they read, write and end with. One serves all calls; it changes nothing about them.</summary>
internal sealed class CallObserver(ObservedCalls calls) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        var call = calls.Begin(context);
        call.NoteRequest();
        call.NoteRequestsEnd();
        return await call.RunAsync(() => continuation(request, context)).ConfigureAwait(false);
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var call = calls.Begin(context);
        return await call.RunAsync(() => continuation(new ObservedReader<TRequest>(requestStream, call), context)).ConfigureAwait(false);
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var call = calls.Begin(context);
        call.NoteRequest();
        call.NoteRequestsEnd();
        await call.RunAsync(() => continuation(request, new ObservedWriter<TResponse>(responseStream, call), context)).ConfigureAwait(false);
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var call = calls.Begin(context);
        await call.RunAsync(() => continuation(new ObservedReader<TRequest>(requestStream, call), new ObservedWriter<TResponse>(responseStream, call), context)).ConfigureAwait(false);
    }
}
