using Grpc.Core;
using Grpc.Core.Interceptors;
using Plugwire.Testing.Transcripts;

namespace Plugwire.Testing;

// The side that makes calls.
public sealed partial class TranscriptRecorder
{
    /// <inheritdoc/>
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        var call = Begin(LineKind.Call, context.Method.FullName, context.Options.Headers);
        call.AddMessage(LineKind.Request, request);
        try
        {
            var response = continuation(request, context);
            call.AddMessage(LineKind.Response, response);
            call.End(Status.DefaultSuccess, trailers: null);
            return response;
        }
        catch (Exception failure)
        {
            call.Fail(failure, context.Options.CancellationToken.IsCancellationRequested);
            throw;
        }
    }

    /// <inheritdoc/>
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        var call = Begin(LineKind.Call, context.Method.FullName, context.Options.Headers);
        call.AddMessage(LineKind.Request, request);
        var inner = Start(call, () => continuation(request, context), context.Options);
        return new AsyncUnaryCall<TResponse>(
            FollowAsync(call, inner.ResponseAsync, inner.ResponseHeadersAsync, inner.GetStatus, inner.GetTrailers, context.Options), inner.ResponseHeadersAsync,
            inner.GetStatus, inner.GetTrailers, () => Release(call, inner));
    }

    /// <inheritdoc/>
    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        var call = Begin(LineKind.Call, context.Method.FullName, context.Options.Headers);
        var inner = Start(call, () => continuation(context), context.Options);
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            new RecordingClientWriter<TRequest>(inner.RequestStream, message => call.AddMessage(LineKind.Request, message), call.AddEndOfRequests),
            FollowAsync(call, inner.ResponseAsync, inner.ResponseHeadersAsync, inner.GetStatus, inner.GetTrailers, context.Options), inner.ResponseHeadersAsync,
            inner.GetStatus, inner.GetTrailers, () => Release(call, inner));
    }

    /// <inheritdoc/>
    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        var call = Begin(LineKind.Call, context.Method.FullName, context.Options.Headers);
        call.AddMessage(LineKind.Request, request);
        var inner = Start(call, () => continuation(request, context), context.Options);
        return new AsyncServerStreamingCall<TResponse>(
            ReaderOf(call, inner.ResponseStream, inner.ResponseHeadersAsync, inner.GetStatus, inner.GetTrailers, context.Options), inner.ResponseHeadersAsync,
            inner.GetStatus, inner.GetTrailers, () => Release(call, inner));
    }

    /// <inheritdoc/>
    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        var call = Begin(LineKind.Call, context.Method.FullName, context.Options.Headers);
        var inner = Start(call, () => continuation(context), context.Options);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            new RecordingClientWriter<TRequest>(inner.RequestStream, message => call.AddMessage(LineKind.Request, message), call.AddEndOfRequests),
            ReaderOf(call, inner.ResponseStream, inner.ResponseHeadersAsync, inner.GetStatus, inner.GetTrailers, context.Options), inner.ResponseHeadersAsync,
            inner.GetStatus, inner.GetTrailers, () => Release(call, inner));
    }

    private static TCall Start<TCall>(RecordedCall call, Func<TCall> start, CallOptions options)
    {
        try
        {
            return start();
        }
        catch (Exception failure)
        {
            call.Fail(failure, options.CancellationToken.IsCancellationRequested);
            throw;
        }
    }

    private static void Release(RecordedCall call, IDisposable inner)
    {
        call.Cancel();
        inner.Dispose();
    }

    private static Task<TResponse> FollowAsync<TResponse>(
        RecordedCall call, Task<TResponse> response, Task<Metadata> headers, Func<Status> getStatus, Func<Metadata> getTrailers, CallOptions options)
        where TResponse : class
    {
        var following = RecordAsync();

        // A caller need not look at the answer of a call that it lets go.
        following.ContinueWith(static answer => _ = answer.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return following;

        async Task<TResponse> RecordAsync()
        {
            try
            {
                var answer = await response.ConfigureAwait(false);
                call.AddResponseHeaders(headers);
                call.AddMessage(LineKind.Response, answer);
                call.End(getStatus(), getTrailers());
                return answer;
            }
            catch (Exception failure)
            {
                call.AddResponseHeaders(headers);
                call.Fail(failure, options.CancellationToken.IsCancellationRequested);
                throw;
            }
        }
    }

    private static RecordingReader<TResponse> ReaderOf<TResponse>(
        RecordedCall call, IAsyncStreamReader<TResponse> reader, Task<Metadata> headers, Func<Status> getStatus, Func<Metadata> getTrailers, CallOptions options)
        where TResponse : class =>
        new(
            reader,
            message =>
            {
                call.AddResponseHeaders(headers);
                call.AddMessage(LineKind.Response, message);
            },
            () =>
            {
                call.AddResponseHeaders(headers);
                call.End(getStatus(), getTrailers());
            },
            failure =>
            {
                call.AddResponseHeaders(headers);
                call.Fail(failure, options.CancellationToken.IsCancellationRequested);
            });
}
