using System.Net.Sockets;

namespace Plugwire.Testing.Faults.Handshakes;

/// <summary>A socket's file whose owner has gone: whoever dials it is refused.</summary>
internal static class DeadSocket
{
    public static void Make(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var made = path + "~";
        socket.Bind(new UnixDomainSocketEndPoint(made));

        // Under its own name it would go with the socket.
        File.Move(made, path, overwrite: true);
    }
}
