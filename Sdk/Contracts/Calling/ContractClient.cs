using System.Runtime.CompilerServices;
using Grpc.Core;
using Plugwire.Streaming;

namespace Plugwire.Calling;

/// <summary>What the generated client of a contract derives from: one method for each kind of call. Safe for use by several threads.</summary>
/// <param name="invoker">What is called on.</param>
/// <param name="timeProvider">By which a timeout becomes a deadline.</param>
public abstract class ContractClient(CallInvoker invoker, TimeProvider timeProvider)
{
    /// <summary>One request, one response.</summary>
    protected async ValueTask<TResponse> UnaryAsync<TRequest, TResponse>(
        Method<TRequest, TResponse> method, TRequest request, CallContext call, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        using var running = invoker.AsyncUnaryCall(method, host: null, Options(call, cancellationToken), request);
        return await running.ResponseAsync.ConfigureAwait(false);
    }

    /// <summary>One request, a stream of responses. The call begins when the responses are enumerated, which is done once.</summary>
    protected IAsyncEnumerable<TResponse> ServerStreaming<TRequest, TResponse>(
        Method<TRequest, TResponse> method, TRequest request, CallContext call, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        return invoker.AsyncServerStreamingCall(method, host: null, Options(call, cancellationToken), request).ResponseStream.ReadAllAsync(cancellationToken);
    }

    /// <summary>A stream of requests, one response.</summary>
    protected async ValueTask<TResponse> ClientStreamingAsync<TRequest, TResponse>(
        Method<TRequest, TResponse> method, IAsyncEnumerable<TRequest> requests, CallContext call, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        using var running = invoker.AsyncClientStreamingCall(method, host: null, Options(call, cancellationToken));
        await foreach (var request in requests.ConfigureAwait(false))
            await running.RequestStream.WriteAsync(request, cancellationToken).ConfigureAwait(false);
        await running.RequestStream.CompleteAsync().ConfigureAwait(false);
        return await running.ResponseAsync.ConfigureAwait(false);
    }

    /// <summary>A stream of requests, a stream of responses. The call begins when the responses are enumerated, which is done once.</summary>
    protected IAsyncEnumerable<TResponse> DuplexStreaming<TRequest, TResponse>(
        Method<TRequest, TResponse> method, IAsyncEnumerable<TRequest> requests, CallContext call, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class => DuplexAsync(method, requests, call, cancellationToken);

    private async IAsyncEnumerable<TResponse> DuplexAsync<TRequest, TResponse>(
        Method<TRequest, TResponse> method, IAsyncEnumerable<TRequest> requests, CallContext call, [EnumeratorCancellation] CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        using var running = invoker.AsyncDuplexStreamingCall(method, host: null, Options(call, cancellationToken));
        var sending = SendAsync(running.RequestStream, requests, cancellationToken);
        await foreach (var response in running.ResponseStream.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            yield return response;
        await sending.ConfigureAwait(false);
    }

    private static async Task SendAsync<TRequest>(IClientStreamWriter<TRequest> writer, IAsyncEnumerable<TRequest> requests, CancellationToken cancellationToken)
    {
        await foreach (var request in requests.ConfigureAwait(false))
            await writer.WriteAsync(request, cancellationToken).ConfigureAwait(false);
        await writer.CompleteAsync().ConfigureAwait(false);
    }

    private CallOptions Options(in CallContext call, CancellationToken cancellationToken) =>
        new(call.OwnHeaders, call.Deadline ?? (call.Timeout is { } timeout ? timeProvider.GetUtcNow().UtcDateTime + timeout : null), cancellationToken);
}
