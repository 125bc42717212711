using Plugwire.Wire.Transports;

namespace Plugwire.TestPlugins.Conformance.ByHand;

/// <summary>Looks at each connection before it is served.</summary>
internal sealed class HandmadeScreen(Fault fault)
{
    private int _connections;

    public async ValueTask<TransportConnection?> PassAsync(TransportConnection connection, CancellationToken cancellationToken)
    {
        // The first connection's loss cannot be told from its life, so no second one is let in at all.
        if (fault.Breaks("connection.lost") && Interlocked.Increment(ref _connections) > 1)
        {
            await connection.DisposeAsync();
            return null;
        }

        if (!fault.Breaks("connection.garbage"))
            return connection;

        var first = new byte[1];
        var count = await connection.Stream.ReadAsync(first, cancellationToken);
        if (count == 1 && first[0] == 'G')
            Environment.Exit(70);
        return new TransportConnection(connection.Stream, connection.RemoteAddress, connection.Peer) { Received = first.AsMemory(0, count) };
    }
}
