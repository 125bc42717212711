using System.Threading.Channels;

namespace Plugwire.Wire.Transports.Memory;

/// <summary>Listens within this process: <see cref="ConnectAsync"/> makes the connections that <see cref="AcceptAsync"/> returns.</summary>
/// <param name="address">A name for people.</param>
internal sealed class MemoryListener(string address = "memory") : IConnectionListener
{
    private const int Backlog = 128;

    private readonly Channel<TransportConnection> _waiting = Channel.CreateBounded<TransportConnection>(Backlog);

    public string Address { get; } = address;

    /// <summary>The client's end of a new connection, owned by the caller. Waits while the backlog is full.</summary>
    /// <exception cref="IOException">The listener has been disposed.</exception>
    public async ValueTask<TransportConnection> ConnectAsync(CancellationToken cancellationToken = default)
    {
        // A pair that nobody takes holds nothing but memory: it needs no end.
        var (client, server) = MemoryTransport.CreatePair(Address);
        try
        {
            await _waiting.Writer.WriteAsync(server, cancellationToken).ConfigureAwait(false);
            return client;
        }
        catch (ChannelClosedException e)
        {
            throw new IOException($"Cannot connect to '{Address}': its listener has been disposed.", e);
        }
    }

    public async ValueTask<TransportConnection?> AcceptAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _waiting.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    /// <summary>Connections that nobody has accepted yet are closed.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        while (_waiting.Reader.TryRead(out var connection))
            await connection.DisposeAsync().ConfigureAwait(false);
    }
}
