using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Plugwire.Wire.Transports.UnixSockets;

/// <summary>Asks the kernel who is at the other end of a connected socket.</summary>
internal static class UnixPeer
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;

    // macOS: SOL_LOCAL, LOCAL_PEERCRED, LOCAL_PEERPID. Untested here.
    private const int SolLocal = 0;
    private const int LocalPeerCred = 1;
    private const int LocalPeerPid = 2;
    private const int XucredSize = 76;

    /// <summary>Whether this system has a way to tell; without one a directory that nobody else may enter is all there is.</summary>
    public static bool IsTold => OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    /// <summary>The peer on Linux and macOS; null on other systems, or when the kernel does not say.</summary>
    public static PeerProcess? Of(Socket socket)
    {
        try
        {
            return OperatingSystem.IsLinux() ? OnLinux(socket) : OperatingSystem.IsMacOS() ? OnMac(socket) : null;
        }
        catch (SocketException)
        {
            // Some sandboxes refuse the option: an unknown peer is a value, and whoever insists on knowing it refuses the connection.
            return null;
        }
    }

    // struct ucred: pid, uid, gid, 32 bits each, in the machine's byte order.
    private static PeerProcess? OnLinux(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[3 * sizeof(int)];
        return socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials) < credentials.Length
            ? null
            : new PeerProcess(MemoryMarshal.Read<int>(credentials), MemoryMarshal.Read<uint>(credentials[sizeof(int)..]));
    }

    // struct xucred: a version, the user, and groups.
    private static PeerProcess? OnMac(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[XucredSize];
        if (socket.GetRawSocketOption(SolLocal, LocalPeerCred, credentials) < 2 * sizeof(int))
            return null;

        Span<byte> processId = stackalloc byte[sizeof(int)];
        var told = socket.GetRawSocketOption(SolLocal, LocalPeerPid, processId) == processId.Length;
        return new PeerProcess(told ? MemoryMarshal.Read<int>(processId) : 0, MemoryMarshal.Read<uint>(credentials[sizeof(int)..]));
    }
}
