using Plugwire.Testing.Expecting;

namespace Plugwire.Testing;

/// <summary>A call as its handler has it, played by the test: made by a <see cref="HandlerProbe{TRequest, TResponse}"/>. For one thread at a time.</summary>
/// <typeparam name="TRequest">The requests' type.</typeparam>
/// <typeparam name="TResponse">The responses' type.</typeparam>
public sealed class HandlerCall<TRequest, TResponse>
    where TRequest : class
    where TResponse : class
{
    private readonly CancellationToken _token;

    internal HandlerCall(IAsyncEnumerable<TRequest> requests, CallContext context, CancellationToken token)
    {
        Requests = new StreamProbe<TRequest>(requests);
        Context = context;
        _token = token;
    }

    /// <summary>What the caller sends: of a call with one request a stream of one message. Disposing of it is a handler that reads no further.</summary>
    public StreamProbe<TRequest> Requests { get; }

    /// <summary>
    /// What the handler answers. Completing it ends the call well, failing it ends it as an exception of a handler does; of a call with one response the first message is the answer, and
    /// ends the call.
    /// </summary>
    public StreamSource<TResponse> Responses { get; } = new();

    /// <summary>What has come with the call, and what goes back beside the messages.</summary>
    public CallContext Context { get; }

    /// <summary>That the handler's token fires, for this reason.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ExpectationException">It fires for another reason, or not within 30 s.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task ExpectCancelledAsync(CallCancellation reason, CancellationToken cancellationToken = default)
    {
        var fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (_token.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), fired))
        {
            await Expectation.MetAsync(
                fired.Task, Limit, () => $"The handler's token was expected to fire ({reason}), and it has not.", cancellationToken).ConfigureAwait(false);
        }

        if (Context.Cancellation is var found && found != reason)
            throw new ExpectationException($"The handler's token was expected to fire for the reason {reason}, and it has fired for {found}.");
    }

    internal TimeSpan Limit { get; init; } = Expectation.Limit;
}
