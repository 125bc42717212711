using System.Net.Sockets;
using Grpc.Net.Client;

namespace Plugwire.Benchmarks.Contenders;

/// <summary>A channel of Grpc.Net.Client on a Unix socket, as its documentation tells to make one; nothing is tuned.</summary>
internal static class GrpcDotnetChannel
{
    public static GrpcChannel Create(string path)
    {
        var handler = new SocketsHttpHandler
        {
            // A proxy of the environment has no part in it.
            UseProxy = false,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        return GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
    }
}
