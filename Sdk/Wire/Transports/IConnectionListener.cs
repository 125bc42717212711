namespace Plugwire.Wire.Transports;

/// <summary>Takes in connections at one address. Disposing ends a pending accept and frees the address; accepted connections live on.</summary>
internal interface IConnectionListener : IAsyncDisposable
{
    /// <summary>Where it listens, as a peer would dial it.</summary>
    string Address { get; }

    /// <summary>The next connection, owned by the caller; null once the listener has been disposed. One accept at a time.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; the listener stays usable.</exception>
    /// <exception cref="IOException">The listener is broken for good.</exception>
    ValueTask<TransportConnection?> AcceptAsync(CancellationToken cancellationToken);
}
