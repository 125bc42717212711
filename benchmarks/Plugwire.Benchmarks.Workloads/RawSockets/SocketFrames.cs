using System.Net.Sockets;

namespace Plugwire.Benchmarks.Workloads.RawSockets;

/// <summary>Whole frames on a socket, where the system may carry parts.</summary>
public static class SocketFrames
{
    /// <summary>Fills the buffer.</summary>
    /// <returns>False when the peer has closed before the first byte.</returns>
    /// <exception cref="EndOfStreamException">The peer has closed in the middle.</exception>
    public static async ValueTask<bool> TryReceiveAllAsync(this Socket socket, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(socket);
        for (var received = 0; received < buffer.Length;)
        {
            var length = await socket.ReceiveAsync(buffer[received..], cancellationToken).ConfigureAwait(false);
            if (length == 0)
                return received == 0 ? false : throw new EndOfStreamException($"The peer closed the socket after {received} of a frame's {buffer.Length} bytes.");
            received += length;
        }

        return true;
    }

    public static async ValueTask SendAllAsync(this Socket socket, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(socket);
        while (buffer.Length > 0)
            buffer = buffer[await socket.SendAsync(buffer, cancellationToken).ConfigureAwait(false)..];
    }
}
