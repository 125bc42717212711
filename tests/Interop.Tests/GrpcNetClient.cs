using System.Net.Sockets;
using Grpc.Net.Client;

namespace Plugwire.Interop.Tests;

/// <summary>A client of Grpc.Net.Client on a Unix socket.</summary>
internal sealed class GrpcNetClient : IAsyncDisposable
{
    public GrpcNetClient(string path)
    {
        var handler = new SocketsHttpHandler
        {
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
        Channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = EchoPair.MessageLimit,
            MaxSendMessageSize = EchoPair.MessageLimit,
        });
    }

    public GrpcChannel Channel { get; }

    public async ValueTask DisposeAsync()
    {
        await Channel.ShutdownAsync();
        Channel.Dispose();
    }
}
