namespace Plugwire.Testing;

/// <summary>A call as its caller has it, made by <see cref="CallProbe"/>. For one thread at a time.</summary>
/// <typeparam name="TResponse">The responses' type.</typeparam>
public sealed class CallerCall<TResponse> : IAsyncDisposable
{
    private readonly CancellationTokenSource _cancellation = new();
    private bool _isDisposed;

    private CallerCall(Func<CallContext, CancellationToken, IAsyncEnumerable<TResponse>> start, CallContext call)
    {
        Response = call.OwnResponse ?? new CallResponse();
        Responses = new StreamProbe<TResponse>(start(call with { Response = Response }, _cancellation.Token));
        Begun = Responses.Begin();
    }

    /// <summary>What comes back: of a call with one response a stream of one message, or a failure.</summary>
    public StreamProbe<TResponse> Responses { get; }

    /// <summary>Headers, trailers and status, as far as they have come: the one that was passed in with the call, or one made for it.</summary>
    public CallResponse Response { get; }

    /// <summary>Ends when the first response, or the call's end, has come.</summary>
    internal Task Begun { get; }

    /// <summary>Cancels the call as its caller does by the token. What the responses fail with then is an <see cref="OperationCanceledException"/>.</summary>
    public Task CancelAsync() => _isDisposed ? Task.CompletedTask : _cancellation.CancelAsync();

    /// <summary>Turns away from the call: as a caller does that breaks out of its loop, or, with one response, that cancels. Of a call that has ended nothing changes.</summary>
    /// <exception cref="ExpectationException">The call does not heed its cancellation.</exception>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;

        _isDisposed = true;

        // Where a read waits, its own token ends it, but that of a call with one response.
        if (!Begun.IsCompleted)
            await _cancellation.CancelAsync().ConfigureAwait(false);
        await Responses.DisposeAsync().ConfigureAwait(false);
        _cancellation.Dispose();
    }

    internal static CallerCall<TResponse> Begin(Func<CallContext, CancellationToken, IAsyncEnumerable<TResponse>> start, CallContext call) => new(start, call);
}
