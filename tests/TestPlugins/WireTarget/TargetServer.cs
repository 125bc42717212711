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
        using var listener = path is null
            ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            listener.Bind(path is null ? new IPEndPoint(IPAddress.Loopback, port!.Value) : new UnixDomainSocketEndPoint(path));
            listener.Listen(Backlog);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"Cannot listen on {path ?? $"port {port}"}: {exception.Message}");
            return 1;
        }

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
