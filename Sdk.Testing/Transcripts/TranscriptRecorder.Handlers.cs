using Grpc.Core;
using Plugwire.Testing.Transcripts;

namespace Plugwire.Testing;

// The side that handles calls.
public sealed partial class TranscriptRecorder
{
    /// <inheritdoc/>
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        var call = BeginHandling(context);
        call.AddMessage(LineKind.Request, request);
        return await HandleAsync(call, context, () => continuation(request, context)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        var call = BeginHandling(context);
        return await HandleAsync(call, context, () => continuation(RequestsOf(call, requestStream), context)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        var call = BeginHandling(context);
        call.AddMessage(LineKind.Request, request);
        await HandleAsync<object?>(
            call, context,
            async () =>
            {
                await continuation(request, ResponsesOf(call, responseStream), context).ConfigureAwait(false);
                return null;
            }).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        var call = BeginHandling(context);
        await HandleAsync<object?>(
            call, context,
            async () =>
            {
                await continuation(RequestsOf(call, requestStream), ResponsesOf(call, responseStream), context).ConfigureAwait(false);
                return null;
            }).ConfigureAwait(false);
    }

    private static RecordingReader<TRequest> RequestsOf<TRequest>(RecordedCall call, IAsyncStreamReader<TRequest> requests)
        where TRequest : class =>
        new(requests, message => call.AddMessage(LineKind.Request, message), call.AddEndOfRequests, static _ => { });

    private static RecordingServerWriter<TResponse> ResponsesOf<TResponse>(RecordedCall call, IServerStreamWriter<TResponse> responses)
        where TResponse : class =>
        new(responses, message => call.AddMessage(LineKind.Response, message));

    private RecordedCall BeginHandling(ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Begin(LineKind.Serve, context.Method, context.RequestHeaders);
    }

    private async Task<TResponse> HandleAsync<TResponse>(RecordedCall call, ServerCallContext context, Func<Task<TResponse>> handle)
    {
        // Seen by the handler and what it calls, and by nobody else.
        _handled.Value = call.Number;
        try
        {
            var response = await handle().ConfigureAwait(false);
            if (response is not null)
                call.AddMessage(LineKind.Response, response);
            call.End(context.Status, context.ResponseTrailers);
            return response;
        }
        catch (Exception failure)
        {
            call.Fail(failure, context.CancellationToken.IsCancellationRequested);
            throw;
        }
    }
}
