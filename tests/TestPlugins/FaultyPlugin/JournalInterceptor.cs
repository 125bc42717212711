using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Plugwire.TestPlugins.Faulty;

/// <summary>Writes down each call's method, and what the host's interceptor has put into its headers.</summary>
internal sealed class JournalInterceptor(CallJournal journal) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Note(context);
        return continuation(request, context);
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Note(context);
        return continuation(requestStream, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Note(context);
        return continuation(request, responseStream, context);
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Note(context);
        return continuation(requestStream, responseStream, context);
    }

    private void Note(ServerCallContext context) =>
        journal.Add($"{context.Method[(context.Method.LastIndexOf('/') + 1)..]} by {context.RequestHeaders.GetValue("caller") ?? "nobody"}");
}
