using System.Collections.Concurrent;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;

namespace Plugwire.Contracts.Tests.Links;

/// <summary>A client of Grpc.Net.Client on a Unix socket.</summary>
internal sealed class GrpcNetClient : IClientSide
{
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly GrpcChannel _channel;

    public GrpcNetClient(string path)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                _sockets.Add(socket);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        _channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        Invoker = _channel.CreateCallInvoker();
    }

    public CallInvoker Invoker { get; }

    public Task CutAsync()
    {
        foreach (var socket in _sockets)
            socket.Dispose();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _channel.Dispose();
        return ValueTask.CompletedTask;
    }
}
