using Grpc.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Rpc.Server;
using Plugwire.Wire.Transports.Memory;

namespace Plugwire.Contracts.Zoo.Tests;

/// <summary>A client and a server on a connection in memory.</summary>
internal sealed class ZooLink(RpcServer server, RpcClientConnection connection) : IAsyncDisposable
{
    public CallInvoker Invoker => connection.CallInvoker;

    public static async Task<ZooLink> StartAsync(Action<ServiceBinderBase> bind)
    {
        ILogger logger = new FakeLogger();
        var methods = new RpcMethods();
        bind(methods);
        var server = new RpcServer(methods, new RpcServerOptions { Logger = logger });
        var (near, far) = MemoryTransport.CreatePair();
        server.Serve(far);
        return new ZooLink(server, await RpcClientConnection.ConnectAsync(near, new RpcClientOptions { Logger = logger }, CancellationToken.None).Within());
    }

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync().Within();
        await server.DisposeAsync().Within();
    }
}
