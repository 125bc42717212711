using System.Net.Sockets;

namespace Plugwire.Wire.Transports.UnixSockets;

/// <summary>
/// A connected socket as a stream. NetworkStream as the socket's owner shuts it down before it closes it, and a read that waits at
/// that moment may end with 0, as if the peer had closed: here it always fails.
/// </summary>
/// <param name="socket">Owned by the stream.</param>
internal sealed class UnixSocketStream(Socket socket) : NetworkStream(socket, ownsSocket: false)
{
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            Socket.Dispose();
    }
}
