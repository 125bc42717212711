using Google.Protobuf;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Rpc.Server;
using Plugwire.Wire.Tests.Transports.UnixSockets;
using Plugwire.Wire.Transports.UnixSockets;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>Many calls of every kind on one connection.</summary>
public sealed class LoadTests
{
    [Fact]
    public async Task ThousandCallsAtOnce_OfMixedKinds_AreAllServed()
    {
        await using var pair = await RpcPair.StartAsync();

        await CallAllAsync(pair.Client, 1000).WaitAsync(RpcPair.Limit);

        await pair.GoRoundAsync();
        Assert.Equal(0, pair.Server.ActiveCalls);
    }

    [Fact]
    public async Task ThousandCallsAtOnce_OverAUnixSocket_AreAllServed()
    {
        using var directory = new SocketDirectory();
        var path = directory.Of("s");
        var methods = new RpcMethods();
        Echo.BindService(methods, new ScriptedEcho());
        await using var server = new RpcServer(methods, new RpcServerOptions());
        server.Start(UnixSocketListener.Bind(path));
        await using var connection = await RpcClientConnection.ConnectAsync(
            await UnixSocketConnector.ConnectAsync(path, CancellationToken.None).WaitAsync(RpcPair.Limit), new RpcClientOptions(), CancellationToken.None).WaitAsync(RpcPair.Limit);

        await CallAllAsync(new Echo.EchoClient(connection.CallInvoker), 1000).WaitAsync(RpcPair.Limit);

        await server.StopAsync(CancellationToken.None).WaitAsync(RpcPair.Limit);
        await connection.Closed.WaitAsync(RpcPair.Limit);
    }

    [Fact]
    public async Task CallsCancelledAtRandom_BesideOthers_HurtNobody()
    {
        await using var pair = await RpcPair.StartAsync();
        var random = new Random(7);

        var calls = Enumerable.Range(0, 500).Select(i => i % 2 == 0 ? ServeAsync(i) : CancelAsync(random.Next(4))).ToList();
        await Task.WhenAll(calls).WaitAsync(RpcPair.Limit);
        await pair.GoRoundAsync();

        async Task ServeAsync(int i)
        {
            var payload = ByteString.CopyFrom(new byte[i * 100]);
            var reply = await pair.Client.UnaryAsync(new EchoRequest { Count = i, Payload = payload });
            Assert.Equal((i, payload.Length), (reply.Count, reply.Payload.Length));
        }

        async Task CancelAsync(int messages)
        {
            using var call = pair.Client.Duplex();
            for (var i = 0; i < messages; i++)
            {
                await call.RequestStream.WriteAsync(new EchoRequest { Payload = ByteString.CopyFrom(new byte[20_000]) });
                Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
            }
        }
    }

    private static Task CallAllAsync(Echo.EchoClient client, int count) => Task.WhenAll(Enumerable.Range(0, count).Select(i => (i % 4) switch
    {
        0 => UnaryAsync(client, i),
        1 => UploadAsync(client, i),
        2 => DownloadAsync(client, i),
        _ => EchoAsync(client, i),
    }));

    private static async Task UnaryAsync(Echo.EchoClient client, int i) =>
        Assert.Equal(i, (await client.UnaryAsync(new EchoRequest { Count = i })).Count);

    private static async Task UploadAsync(Echo.EchoClient client, int i)
    {
        using var call = client.ClientStream();
        for (var message = 0; message < i % 10; message++)
            await call.RequestStream.WriteAsync(new EchoRequest { Payload = Payload(i) });
        await call.RequestStream.CompleteAsync();
        Assert.Equal(i % 10, (await call.ResponseAsync).Count);
    }

    private static async Task DownloadAsync(Echo.EchoClient client, int i)
    {
        using var call = client.ServerStream(new EchoRequest { Count = i % 10, Payload = Payload(i) });
        var count = 0;
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
            Assert.Equal((count++, i), (call.ResponseStream.Current.Count, call.ResponseStream.Current.Payload.Length));
        Assert.Equal(i % 10, count);
    }

    private static async Task EchoAsync(Echo.EchoClient client, int i)
    {
        using var call = client.Duplex();
        for (var message = 0; message < i % 10; message++)
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Count = message, Payload = Payload(i) });
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
            Assert.Equal(message, call.ResponseStream.Current.Count);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
    }

    private static ByteString Payload(int size) => UnsafeByteOperations.UnsafeWrap(new byte[size]);
}
