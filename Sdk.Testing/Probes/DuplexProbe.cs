namespace Plugwire.Testing;

/// <summary>Begins a call with a stream each way that the test holds at both ends.</summary>
public static class DuplexProbe
{
    /// <summary>Begins the call, and waits until it has come to its handler.</summary>
    /// <typeparam name="TRequest">The requests' type.</typeparam>
    /// <typeparam name="TResponse">The responses' type.</typeparam>
    /// <param name="method">The contract's method, of a client or of anything else that leads to the handler.</param>
    /// <param name="handler">To which the contract's implementation delegates the method. No other call may come to it meanwhile.</param>
    /// <param name="call">What travels with the call.</param>
    /// <param name="cancellationToken">Ends the waiting, and the call.</param>
    /// <exception cref="ExpectationException">The call ends, or answers, before it has come to its handler; or it does not come within 30 s.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<DuplexCall<TRequest, TResponse>> ConnectAsync<TRequest, TResponse>(
        Func<IAsyncEnumerable<TRequest>, CallContext, CancellationToken, IAsyncEnumerable<TResponse>> method,
        HandlerProbe<TRequest, TResponse> handler,
        CallContext call = default,
        CancellationToken cancellationToken = default)
        where TRequest : class
        where TResponse : class
    {
        ArgumentNullException.ThrowIfNull(handler);
        var requests = new StreamSource<TRequest>();
        var caller = CallProbe.Start(method, requests, call);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var accepting = handler.ExpectCallAsync(giveUp.Token);
        try
        {
            await Task.WhenAny(accepting, caller.Begun).ConfigureAwait(false);
            if (!accepting.IsCompleted)
                throw await caller.Responses.FoundInsteadAsync("The call was expected to come to its handler", cancellationToken).ConfigureAwait(false);
            return new DuplexCall<TRequest, TResponse>(requests, caller, await accepting.ConfigureAwait(false));
        }
        catch
        {
            await giveUp.CancelAsync().ConfigureAwait(false);
            await ((Task)accepting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await caller.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
