using Grpc.Core;
using Plugwire.Tests.Contract;
using Plugwire.Tests.Running;
using Plugwire.Wire.Launching;
using Plugwire.Wire.Rpc.Server;
using Plugwire.Wire.Services.Control;
using Plugwire.Wire.Transports;

namespace Plugwire.Tests.Callbacks;

/// <summary>A host that serves a plugin: it announces itself, dials, and shows its token.</summary>
internal sealed class FakeHost : IAsyncDisposable
{
    private readonly RpcServerConnection _connection;

    private FakeHost(RpcServerConnection connection) => _connection = connection;

    public Task Closed => _connection.Closed;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<FakeHost> ConnectAsync(ServedPlugin plugin, IEcho contract)
    {
        var host = Serve(await DialAsync(plugin, await AnnounceAsync(plugin)), contract);
        await host._connection.Ready.Within();
        Assert.Null(host._connection.Loss);
        return host;
    }

    /// <summary>The token that the plugin gives out.</summary>
    public static async Task<byte[]> AnnounceAsync(ServedPlugin plugin, params string[] services)
    {
        var request = new OpenHostConnectionRequest { Services = { services.Length == 0 ? ["plugwire.tests.echo.v1.Echo"] : services } };
        return (await new Control.ControlClient(plugin.Invoker).OpenHostConnectionAsync(request, cancellationToken: Token).ResponseAsync.Within()).Token.ToByteArray();
    }

    /// <summary>A connection that has shown a token, and on which nothing has been said since.</summary>
    public static async Task<TransportConnection> DialAsync(ServedPlugin plugin, byte[] token)
    {
        var transport = await plugin.Listener.ConnectAsync(Token);
        await transport.Stream.WriteAsync(HostConnectionPreamble.Format(token), Token).AsTask().Within();
        return transport;
    }

    public static FakeHost Serve(TransportConnection transport, IEcho? contract)
    {
        var methods = new RpcMethods();
        if (contract is not null)
            Bind(contract, methods);
        return new FakeHost(new RpcServerConnection(transport, methods, new RpcServerOptions()));
    }

    public async ValueTask DisposeAsync() => await _connection.DisposeAsync().AsTask().Within();

    private static void Bind<TContract>(TContract contract, ServiceBinderBase methods)
        where TContract : class, IContract<TContract> => TContract.Definition.Bind(methods, contract);
}
