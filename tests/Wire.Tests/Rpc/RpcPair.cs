using Grpc.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Rpc.Server;
using Plugwire.Wire.Tests.Transports.UnixSockets;
using Plugwire.Wire.Transports;
using Plugwire.Wire.Transports.Memory;
using Plugwire.Wire.Transports.UnixSockets;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>A client and a server of ours on a connection in memory, or on a socket. Its end checks that neither logged an error that the test did not expect.</summary>
internal sealed class RpcPair : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly RpcServer _server;

    private RpcPair(ScriptedEcho service, RpcServer server, TransportConnection serverTransport, RpcClientConnection connection, FakeLogCollector logs)
    {
        Service = service;
        _server = server;
        ServerTransport = serverTransport;
        Connection = connection;
        Logs = logs;
        Client = new Echo.EchoClient(connection.CallInvoker);
    }

    public ScriptedEcho Service { get; }

    public RpcServer Server => _server;

    /// <summary>The server's end. A test that disposes it lets the server die.</summary>
    public TransportConnection ServerTransport { get; }

    public RpcClientConnection Connection { get; }

    public Echo.EchoClient Client { get; }

    public FakeLogCollector Logs { get; }

    /// <summary>Set by tests in which an error is what is to be logged.</summary>
    public bool ExpectsErrors { get; set; }

    public static async Task<RpcPair> StartAsync(
        Func<ILogger, RpcServerOptions>? serverOptions = null, Func<ILogger, RpcClientOptions>? clientOptions = null,
        Action<RpcMethods, ScriptedEcho>? bind = null, bool overSocket = false)
    {
        var service = new ScriptedEcho();
        var methods = new RpcMethods();
        if (bind is null)
            Echo.BindService(methods, service);
        else
            bind(methods, service);
        methods.AddMethod(Fence.Method, static (EchoRequest request, ServerCallContext _) => Task.FromResult(request));
        var logs = new FakeLogCollector();
        var logger = new FakeLogger(logs);
        var server = new RpcServer(methods, serverOptions?.Invoke(logger) ?? new RpcServerOptions { Logger = logger });
        var (near, far) = overSocket ? await ConnectSocketAsync() : MemoryTransport.CreatePair();
        server.Serve(far);
        var connection = await RpcClientConnection
            .ConnectAsync(near, clientOptions?.Invoke(logger) ?? new RpcClientOptions { Logger = logger }, CancellationToken.None)
            .WaitAsync(Limit);
        return new RpcPair(service, server, far, connection, logs);
    }

    /// <summary>Ends when all that either side sent before has been received: a fence.</summary>
    public async Task GoRoundAsync()
    {
        for (var i = 0; i < 3; i++)
            await Connection.CallInvoker.AsyncUnaryCall(Fence.Method, host: null, default, new EchoRequest()).ResponseAsync.WaitAsync(Limit);
    }

    private static async Task<(TransportConnection Near, TransportConnection Far)> ConnectSocketAsync()
    {
        using var directory = new SocketDirectory();
        var path = directory.Of("s");
        await using var listener = UnixSocketListener.Bind(path);
        var accepting = listener.AcceptAsync(CancellationToken.None);
        var near = await UnixSocketConnector.ConnectAsync(path, CancellationToken.None).WaitAsync(Limit);
        return (near, (await accepting.AsTask().WaitAsync(Limit))!);
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync().AsTask().WaitAsync(Limit);
        await _server.DisposeAsync().AsTask().WaitAsync(Limit);
        if (!ExpectsErrors)
            Assert.DoesNotContain(Logs.GetSnapshot(), record => record.Level >= LogLevel.Error);
    }
}
