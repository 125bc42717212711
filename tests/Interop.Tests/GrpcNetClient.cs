using System.Net.Sockets;
using Grpc.Net.Client;

namespace Plugwire.Interop.Tests;

/// <summary>A client of Grpc.Net.Client on a Unix socket.</summary>
internal sealed class GrpcNetClient : IAsyncDisposable
{
    /// <param name="path">The server's socket.</param>
    /// <param name="watch">Stands around the connection's stream; null for nothing.</param>
    /// <param name="messageLimit">The longest message taken, in bytes.</param>
    public GrpcNetClient(string path, Func<Stream, Stream>? watch = null, int messageLimit = EchoPair.MessageLimit)
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
                    var stream = new NetworkStream(socket, ownsSocket: true);
                    return watch?.Invoke(stream) ?? stream;
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
            MaxReceiveMessageSize = messageLimit,
            MaxSendMessageSize = null,
        });
    }

    public GrpcChannel Channel { get; }

    public async ValueTask DisposeAsync()
    {
        await Channel.ShutdownAsync();
        Channel.Dispose();
    }
}
