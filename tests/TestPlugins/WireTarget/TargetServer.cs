using System.Net;
using System.Net.Sockets;
using Plugwire.Wire.Http2;

namespace Plugwire.WireTarget;

/// <summary>Accepts connections, and answers on each until it ends.</summary>
internal static class TargetServer
{
    private const int Backlog = 128;

    public static async Task<int> RunAsync(int? port, string? path, CancellationToken cancellationToken)
    {
        EndPoint endPoint = path is null ? new IPEndPoint(IPAddress.Loopback, port!.Value) : new UnixDomainSocketEndPoint(path);
        using var listener = new Socket(endPoint.AddressFamily, SocketType.Stream, path is null ? ProtocolType.Tcp : ProtocolType.Unspecified);
        listener.Bind(endPoint);
        listener.Listen(Backlog);
        await Console.Out.WriteLineAsync(path ?? listener.LocalEndPoint!.ToString());
        var connections = new List<Http2Connection>();
        try
        {
            while (true)
            {
                var socket = await listener.AcceptAsync(cancellationToken);
                if (path is null)
                    socket.NoDelay = true;
                connections.RemoveAll(static connection => connection.Closed.IsCompleted);
                connections.Add(Http2Connection.Start(
                    new NetworkStream(socket, ownsSocket: true), Http2Role.Server, new Http2Options(), static (connection, _) => new AnsweringStream(connection)));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
        finally
        {
            foreach (var connection in connections)
                await connection.DisposeAsync();
        }
    }
}
