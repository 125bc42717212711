using System.Collections.Concurrent;
using Plugwire.Wire.Transports;

namespace Plugwire.Testing.InProcess;

/// <summary>The connections that a plugin has accepted, so that they can be cut from outside of it, as by the end of its process.</summary>
internal sealed class AcceptedConnections
{
    private readonly ConcurrentQueue<TransportConnection> _accepted = [];
    private volatile bool _isCut;

    /// <summary>The listener whose connections belong here.</summary>
    public IConnectionListener Of(IConnectionListener listener) => new Listener(listener, this);

    /// <summary>Cuts all, and what comes later at once.</summary>
    public void Cut()
    {
        _isCut = true;
        while (_accepted.TryDequeue(out var connection))
            connection.Stream.Dispose();
    }

    private void Add(TransportConnection connection)
    {
        _accepted.Enqueue(connection);
        if (_isCut)
            Cut();
    }

    private sealed class Listener(IConnectionListener listener, AcceptedConnections connections) : IConnectionListener
    {
        public string Address => listener.Address;

        public async ValueTask<TransportConnection?> AcceptAsync(CancellationToken cancellationToken)
        {
            var connection = await listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
            if (connection is not null)
                connections.Add(connection);
            return connection;
        }

        public ValueTask DisposeAsync() => listener.DisposeAsync();
    }
}
