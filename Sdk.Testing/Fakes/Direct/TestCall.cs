using Grpc.Core;
using Plugwire.Testing.Fakes.Direct;

namespace Plugwire.Testing;

/// <summary>
/// Call objects, as the methods of classic clients return them: for a client of the test's own that derives from the generated one. Where a whole client is wanted, <c>FakeClient</c>
/// is shorter. The status of each is OK when its response or its stream has ended well, that of the <see cref="RpcException"/> with which it failed, and not there before; a call that is disposed of
/// before its end is cancelled.
/// </summary>
public static class TestCall
{
    /// <summary>A call that is answered.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="headers">The response's headers; null for none.</param>
    /// <param name="trailers">The trailers; null for none.</param>
    public static AsyncUnaryCall<TResponse> Unary<TResponse>(TResponse response, Metadata? headers = null, Metadata? trailers = null)
        where TResponse : class => Unary(Task.FromResult(response), headers, trailers);

    /// <summary>A call that ends as a task does: well, by a failure, or not before the test lets it.</summary>
    /// <param name="response">Gives the answer. To fail it: <c>Task.FromException&lt;TResponse&gt;(new RpcException(…))</c>.</param>
    /// <param name="headers">The response's headers; null for none.</param>
    /// <param name="trailers">The trailers; null for none. A failure's own win.</param>
    public static AsyncUnaryCall<TResponse> Unary<TResponse>(Task<TResponse> response, Metadata? headers = null, Metadata? trailers = null)
        where TResponse : class
    {
        ArgumentNullException.ThrowIfNull(response);
        var call = new ScriptedCall(headers, trailers);
        return new AsyncUnaryCall<TResponse>(call.FollowAsync(response, static _ => true), call.Headers, () => call.Status, () => call.Trailers, call.Dispose);
    }

    /// <summary>A call with a stream of requests.</summary>
    /// <param name="requests">Takes the requests, such as a <see cref="TestStreamWriter{T}"/>.</param>
    /// <param name="response">Gives the answer.</param>
    /// <param name="headers">The response's headers; null for none.</param>
    /// <param name="trailers">The trailers; null for none. A failure's own win.</param>
    public static AsyncClientStreamingCall<TRequest, TResponse> ClientStreaming<TRequest, TResponse>(
        IClientStreamWriter<TRequest> requests, Task<TResponse> response, Metadata? headers = null, Metadata? trailers = null)
        where TRequest : class
        where TResponse : class
    {
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(response);
        var call = new ScriptedCall(headers, trailers);
        return new AsyncClientStreamingCall<TRequest, TResponse>(requests, call.FollowAsync(response, static _ => true), call.Headers, () => call.Status, () => call.Trailers, call.Dispose);
    }

    /// <summary>A call with a stream of responses.</summary>
    /// <param name="responses">Gives the responses, such as a <see cref="TestStreamReader{T}"/>.</param>
    /// <param name="headers">The response's headers; null for none.</param>
    /// <param name="trailers">The trailers; null for none. A failure's own win.</param>
    public static AsyncServerStreamingCall<TResponse> ServerStreaming<TResponse>(IAsyncStreamReader<TResponse> responses, Metadata? headers = null, Metadata? trailers = null)
        where TResponse : class
    {
        ArgumentNullException.ThrowIfNull(responses);
        var call = new ScriptedCall(headers, trailers);
        return new AsyncServerStreamingCall<TResponse>(call.Follow(responses), call.Headers, () => call.Status, () => call.Trailers, call.Dispose);
    }

    /// <summary>A call with streams in both directions.</summary>
    /// <param name="requests">Takes the requests, such as a <see cref="TestStreamWriter{T}"/>.</param>
    /// <param name="responses">Gives the responses, such as a <see cref="TestStreamReader{T}"/>.</param>
    /// <param name="headers">The response's headers; null for none.</param>
    /// <param name="trailers">The trailers; null for none. A failure's own win.</param>
    public static AsyncDuplexStreamingCall<TRequest, TResponse> DuplexStreaming<TRequest, TResponse>(
        IClientStreamWriter<TRequest> requests, IAsyncStreamReader<TResponse> responses, Metadata? headers = null, Metadata? trailers = null)
        where TRequest : class
        where TResponse : class
    {
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(responses);
        var call = new ScriptedCall(headers, trailers);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(requests, call.Follow(responses), call.Headers, () => call.Status, () => call.Trailers, call.Dispose);
    }
}
