using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Grpc.Core;
using Plugwire.Testing.Expecting;
using Plugwire.Testing.Probes;

namespace Plugwire.Testing;

/// <summary>
/// Holds the handler's end of calls: a class of the test's that implements a contract delegates a method to it, and the test plays the handler, call by call. With it and a
/// <see cref="CallProbe"/> a test holds both ends of a call. Safe for use by several threads.
/// </summary>
/// <example><c>public IAsyncEnumerable&lt;Finding&gt; InspectAsync(IAsyncEnumerable&lt;FileChunk&gt; requests, CallContext call, CancellationToken cancellationToken) => probe.StreamAsync(requests, call, cancellationToken);</c></example>
/// <typeparam name="TRequest">The requests' type.</typeparam>
/// <typeparam name="TResponse">The responses' type.</typeparam>
public sealed class HandlerProbe<TRequest, TResponse>
    where TRequest : class
    where TResponse : class
{
    private const int MostCalls = 1000;

    private readonly Channel<HandlerCall<TRequest, TResponse>> _calls = Channel.CreateBounded<HandlerCall<TRequest, TResponse>>(MostCalls);

    internal TimeSpan Limit { get; init; } = Expectation.Limit;

    /// <summary>Handles a call with one request and one response: the first message that the test writes is the answer.</summary>
    /// <param name="request">The request.</param>
    /// <param name="call">What has come with the call.</param>
    /// <param name="cancellationToken">The handler's.</param>
    public ValueTask<TResponse> AnswerAsync(TRequest request, CallContext call, CancellationToken cancellationToken) =>
        AnswerAsync(OneMessage.Of(ValueTask.FromResult(request)), call, cancellationToken);

    /// <summary>Handles a call with a stream of requests and one response: the first message that the test writes is the answer.</summary>
    /// <param name="requests">The requests.</param>
    /// <param name="call">What has come with the call.</param>
    /// <param name="cancellationToken">The handler's.</param>
    public async ValueTask<TResponse> AnswerAsync(IAsyncEnumerable<TRequest> requests, CallContext call, CancellationToken cancellationToken)
    {
        var responses = Begin(requests, call, cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            return await responses.MoveNextAsync().ConfigureAwait(false)
                ? responses.Current
                : throw new InvalidOperationException("The test has completed the responses of a call that has one, and has written none.");
        }
        finally
        {
            await responses.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Handles a call with one request and a stream of responses.</summary>
    /// <param name="request">The request.</param>
    /// <param name="call">What has come with the call.</param>
    /// <param name="cancellationToken">The handler's.</param>
    public IAsyncEnumerable<TResponse> StreamAsync(TRequest request, CallContext call, CancellationToken cancellationToken) =>
        StreamAsync(OneMessage.Of(ValueTask.FromResult(request)), call, cancellationToken);

    /// <summary>Handles a call with a stream of requests and a stream of responses.</summary>
    /// <param name="requests">The requests.</param>
    /// <param name="call">What has come with the call.</param>
    /// <param name="cancellationToken">The handler's.</param>
    public async IAsyncEnumerable<TResponse> StreamAsync(IAsyncEnumerable<TRequest> requests, CallContext call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var response in Begin(requests, call, cancellationToken).WithCancellation(cancellationToken).ConfigureAwait(false))
            yield return response;
    }

    /// <summary>Takes the next call that has come, in their order. Waits for one for 30 s at most.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ExpectationException">None comes.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<HandlerCall<TRequest, TResponse>> ExpectCallAsync(CancellationToken cancellationToken = default)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var taking = _calls.Reader.ReadAsync(giveUp.Token).AsTask();
        try
        {
            return await Expectation.MetAsync(
                taking, Limit, () => $"A call with requests of {typeof(TRequest).Name} and responses of {typeof(TResponse).Name} was expected, and none has come to its handler.", cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await giveUp.CancelAsync().ConfigureAwait(false);
            await ((Task)taking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private StreamSource<TResponse> Begin(IAsyncEnumerable<TRequest> requests, in CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requests);
        var handled = new HandlerCall<TRequest, TResponse>(requests, call, cancellationToken);
        return _calls.Writer.TryWrite(handled)
            ? handled.Responses
            : throw new RpcException(new Status(StatusCode.ResourceExhausted, $"{MostCalls} calls wait that the test has not taken from its HandlerProbe."));
    }
}
