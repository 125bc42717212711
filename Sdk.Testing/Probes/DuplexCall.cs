namespace Plugwire.Testing;

/// <summary>
/// Both ends of one call with a stream each way, made by <see cref="DuplexProbe"/>. What the test writes at one end it reads at the other, with all that lies between: the contract's client, the
/// connection, the plugin's server. For one thread at a time.
/// </summary>
/// <typeparam name="TRequest">The requests' type.</typeparam>
/// <typeparam name="TResponse">The responses' type.</typeparam>
public sealed class DuplexCall<TRequest, TResponse> : IAsyncDisposable
    where TRequest : class
    where TResponse : class
{
    internal DuplexCall(StreamSource<TRequest> requests, CallerCall<TResponse> caller, HandlerCall<TRequest, TResponse> handler)
    {
        Requests = requests;
        Caller = caller;
        Handler = handler;
    }

    /// <summary>The caller's end of the requests: what is written here comes out at <see cref="HandlerCall{TRequest, TResponse}.Requests"/> of <see cref="Handler"/>.</summary>
    public StreamSource<TRequest> Requests { get; }

    /// <summary>The caller's end of the call: it reads the responses, and can cancel.</summary>
    public CallerCall<TResponse> Caller { get; }

    /// <summary>The handler's end of the call: it reads the requests, and writes the responses.</summary>
    public HandlerCall<TRequest, TResponse> Handler { get; }

    /// <summary>That no request is on its way to the handler: see <see cref="StreamProbe{T}.ExpectSilenceAsync(StreamSource{T}, T, CancellationToken)"/>.</summary>
    /// <param name="fence">A request that is equal to no other that may come.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ExpectationException">Another request comes first.</exception>
    public Task ExpectNoRequestAsync(TRequest fence, CancellationToken cancellationToken = default) => Handler.Requests.ExpectSilenceAsync(Requests, fence, cancellationToken);

    /// <summary>That no response is on its way to the caller: see <see cref="StreamProbe{T}.ExpectSilenceAsync(StreamSource{T}, T, CancellationToken)"/>.</summary>
    /// <param name="fence">A response that is equal to no other that may come.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ExpectationException">Another response comes first.</exception>
    public Task ExpectNoResponseAsync(TResponse fence, CancellationToken cancellationToken = default) => Caller.Responses.ExpectSilenceAsync(Handler.Responses, fence, cancellationToken);

    /// <summary>Ends the call: the caller turns away, unless it has ended.</summary>
    public ValueTask DisposeAsync() => Caller.DisposeAsync();
}
