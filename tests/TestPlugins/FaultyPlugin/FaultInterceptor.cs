using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Plugwire.TestPlugins.Faulty;

/// <summary>Counts calls and the messages of their streams.</summary>
internal sealed class FaultInterceptor(FaultTrigger trigger) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        trigger.ReachCall();
        return continuation(request, context);
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        trigger.ReachCall();
        return continuation(new Reader<TRequest>(requestStream, trigger), context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        trigger.ReachCall();
        return continuation(request, new Writer<TResponse>(responseStream, trigger), context);
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        trigger.ReachCall();
        return continuation(new Reader<TRequest>(requestStream, trigger), new Writer<TResponse>(responseStream, trigger), context);
    }

    private sealed class Reader<T>(IAsyncStreamReader<T> reader, FaultTrigger trigger) : IAsyncStreamReader<T>
    {
        public T Current => reader.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (!await reader.MoveNext(cancellationToken))
                return false;
            trigger.ReachMessage();
            return true;
        }
    }

    private sealed class Writer<T>(IServerStreamWriter<T> writer, FaultTrigger trigger) : IServerStreamWriter<T>
    {
        public WriteOptions? WriteOptions
        {
            get => writer.WriteOptions;
            set => writer.WriteOptions = value;
        }

        public async Task WriteAsync(T message)
        {
            await writer.WriteAsync(message);
            trigger.ReachMessage();
        }

        public async Task WriteAsync(T message, CancellationToken cancellationToken)
        {
            await writer.WriteAsync(message, cancellationToken);
            trigger.ReachMessage();
        }
    }
}
