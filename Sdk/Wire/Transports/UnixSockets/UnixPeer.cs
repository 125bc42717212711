using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Plugwire.Wire.Transports.UnixSockets;

/// <summary>Asks the kernel who is at the other end of a connected socket.</summary>
internal static class UnixPeer
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;

    /// <summary>The peer on Linux; null on other systems, or when the kernel does not say.</summary>
    public static PeerProcess? Of(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
            return null;

        // struct ucred: pid, uid, gid, 32 bits each, in the machine's byte order.
        Span<byte> credentials = stackalloc byte[3 * sizeof(int)];
        try
        {
            if (socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials) < credentials.Length)
                return null;
        }
        catch (SocketException)
        {
            // Some sandboxes refuse the option: an unknown peer is a value, and whoever insists on knowing it refuses the connection.
            return null;
        }

        return new PeerProcess(MemoryMarshal.Read<int>(credentials), MemoryMarshal.Read<uint>(credentials[sizeof(int)..]));
    }
}
