using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Grpc.Core;

namespace Plugwire.Calling;

/// <summary>What the generated client of a contract derives from: one method for each kind of call. Safe for use by several threads.</summary>
/// <remarks>
/// <para>Of a call that its caller cancels the caller is told by an <see cref="OperationCanceledException"/> with the token that fired; every other failure is an
/// <see cref="RpcException"/>. What a method returns as a <see cref="ValueTask{TResult}"/> is awaited once.</para>
/// <para>An enumerable of requests is enumerated on the thread pool, beside the reading of the responses. Its end is the end of the requests. An exception that it throws cancels
/// the call for the other side, and is what the caller is told, the same object. It gets a token that fires when the call is over, for whatever reason, and is disposed of before the
/// caller is told of the end. One that does not heed its token holds up the call's end for one second; it is disposed of when it ends after all. What it throws after the call's end
/// changes nothing about that.</para>
/// </remarks>
public abstract class ContractClient
{
    private readonly CallInvoker _invoker;
    private readonly TimeProvider _timeProvider;

    /// <summary>Called by generated code.</summary>
    /// <param name="invoker">What is called on.</param>
    /// <param name="timeProvider">By which a timeout becomes a deadline, and the patience with an enumerable of requests is measured.</param>
    protected ContractClient(CallInvoker invoker, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(invoker);
        ArgumentNullException.ThrowIfNull(timeProvider);
        _invoker = invoker;
        _timeProvider = timeProvider;
    }

    /// <summary>One request, one response.</summary>
    protected ValueTask<TResponse> UnaryAsync<TRequest, TResponse>(
        Method<TRequest, TResponse> method, TRequest request, CallContext call, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(request);
        var tokens = Tokens(call, cancellationToken);
        if (call.OwnResponse is not null || !tokens.AreOne)
            return new ValueTask<TResponse>(FollowedAsync(method, request, call, tokens));

        var token = tokens.One;
        var response = _invoker.AsyncUnaryCall(method, host: null, OutgoingOptions.Create(call, _timeProvider, token), request).ResponseAsync;
        return token.CanBeCanceled ? AnswerAsync(response, token) : new ValueTask<TResponse>(response);
    }

    /// <summary>One request, a stream of responses. The call begins when the responses are enumerated, which is done once.</summary>
    protected IAsyncEnumerable<TResponse> ServerStreaming<TRequest, TResponse>(
        Method<TRequest, TResponse> method, TRequest request, CallContext call, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(request);
        return new ResponseStream<TRequest, TResponse>(_invoker, method, request, call, _timeProvider, cancellationToken);
    }

    /// <summary>A stream of requests, one response.</summary>
    protected ValueTask<TResponse> ClientStreamingAsync<TRequest, TResponse>(
        Method<TRequest, TResponse> method, IAsyncEnumerable<TRequest> requests, CallContext call, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(requests);
        return new ValueTask<TResponse>(UploadAsync(method, requests, call, cancellationToken));
    }

    /// <summary>A stream of requests, a stream of responses. The call begins when the responses are enumerated, which is done once.</summary>
    protected IAsyncEnumerable<TResponse> DuplexStreaming<TRequest, TResponse>(
        Method<TRequest, TResponse> method, IAsyncEnumerable<TRequest> requests, CallContext call, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(requests);
        return new ResponseStream<TRequest, TResponse>(_invoker, method, requests, call, _timeProvider, cancellationToken);
    }

    // The way of most calls with a token: of all that can be asked of a call only its answer is. What waits for it comes from a pool.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<TResponse> AnswerAsync<TResponse>(Task<TResponse> response, CancellationToken token)
    {
        try
        {
            return await response.ConfigureAwait(false);
        }
        catch (Exception exception) when (new CallTokens(token, default, default).TryTranslate(exception, out var cancelled))
        {
            throw cancelled;
        }
    }

    private async Task<TResponse> FollowedAsync<TRequest, TResponse>(Method<TRequest, TResponse> method, TRequest request, CallContext call, CallTokens tokens)
        where TRequest : class
        where TResponse : class
    {
        var link = tokens.AreOne ? null : tokens.Link();
        try
        {
            call.OwnResponse?.Begin();
            using var running = _invoker.AsyncUnaryCall(method, host: null, OutgoingOptions.Create(call, _timeProvider, link?.Token ?? tokens.One), request);
            var reading = call.OwnResponse is { } response ? new ResponseReading(response, running.ResponseHeadersAsync, running.GetStatus, running.GetTrailers) : null;
            return await EndAsync<TRequest, TResponse>(running.ResponseAsync, pump: null, reading, tokens).ConfigureAwait(false);
        }
        finally
        {
            link?.Release();
        }
    }

    private async Task<TResponse> UploadAsync<TRequest, TResponse>(
        Method<TRequest, TResponse> method, IAsyncEnumerable<TRequest> requests, CallContext call, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        var tokens = Tokens(call, cancellationToken);
        var link = tokens.Link();
        try
        {
            call.OwnResponse?.Begin();
            using var running = _invoker.AsyncClientStreamingCall(method, host: null, OutgoingOptions.Create(call, _timeProvider, link.Token));
            var reading = call.OwnResponse is { } response ? new ResponseReading(response, running.ResponseHeadersAsync, running.GetStatus, running.GetTrailers) : null;
            var pump = new RequestPump<TRequest>(requests, running.RequestStream, running, running.GetStatus, tokens, link, _timeProvider);
            pump.Start();
            return await EndAsync(running.ResponseAsync, pump, reading, tokens).ConfigureAwait(false);
        }
        finally
        {
            link.Release();
        }
    }

    private static async Task<TResponse> EndAsync<TRequest, TResponse>(Task<TResponse> response, RequestPump<TRequest>? pump, ResponseReading? reading, CallTokens tokens)
        where TRequest : class
        where TResponse : class
    {
        TResponse? answer = null;
        Exception? failure = null;
        try
        {
            answer = await response.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        if (pump is not null)
            await pump.StopAsync().ConfigureAwait(false);
        if (reading is not null)
            await reading.ReadEndAsync(failure).ConfigureAwait(false);
        if (CallFailure.Told(failure, pump?.Failure, tokens) is { } told)
            ExceptionDispatchInfo.Throw(told);
        return answer!;
    }

    private static CallTokens Tokens(in CallContext call, CancellationToken cancellationToken) =>
        new(cancellationToken, default, call.Handled?.Server!.CancellationToken ?? default);
}
