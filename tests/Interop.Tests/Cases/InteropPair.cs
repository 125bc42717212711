using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Plugwire.Interop.Serving;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Rpc.Server;
using Plugwire.Wire.Tests.Transports.UnixSockets;
using Plugwire.Wire.Transports;
using Plugwire.Wire.Transports.Memory;
using Plugwire.Wire.Transports.UnixSockets;

namespace Plugwire.Interop.Tests.Cases;

/// <summary>One pair, with a connection that is open and as many further ones as a case asks for. Its end checks that our side logged no error.</summary>
internal sealed class InteropPair : IAsyncDisposable
{
    public const int MaxMessageSize = 4 * 1024 * 1024;

    private readonly SocketDirectory _directory = new();
    private readonly FakeLogCollector _logs = new();
    private readonly ConcurrentQueue<bool> _requests = new();
    private readonly ConcurrentQueue<bool> _responses = new();
    private readonly PairKind _kind;
    private MemoryListener? _memory;
    private IAsyncDisposable? _server;
    private InteropChannel? _channel;

    private InteropPair(PairKind kind) => _kind = kind;

    public CallInvoker Invoker => _channel!.Invoker;

    public InteropOptions Options => new()
    {
        MaxRequestSize = MaxMessageSize,
        MaxResponseSize = MaxMessageSize,
        TakeResponseFlag = () => Take(_responses),
        Connect = ConnectAsync,
    };

    private string Path => _directory.Of("s");

    private FakeLogger Logger => new(_logs);

    public static async Task<InteropPair> StartAsync(PairKind kind)
    {
        var pair = new InteropPair(kind);
        try
        {
            pair._server = kind == PairKind.OursToKestrel ? await KestrelServer.StartAsync(pair.Path, new TestServiceImplementation(() => Take(pair._requests)), MaxMessageSize) : pair.StartOurs();
            pair._channel = await pair.ConnectAsync(CancellationToken.None).AsTask().WaitAsync(EchoPair.Limit);
            return pair;
        }
        catch
        {
            await pair.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_channel is not null)
            await _channel.DisposeAsync().AsTask().WaitAsync(EchoPair.Limit);
        if (_server is not null)
            await _server.DisposeAsync().AsTask().WaitAsync(EchoPair.Limit);
        _directory.Dispose();
        Assert.DoesNotContain(_logs.GetSnapshot(), record => record.Level >= LogLevel.Error);
    }

    private static bool Take(ConcurrentQueue<bool> flags) =>
        flags.TryDequeue(out var flag) ? flag : throw new InvalidOperationException("No message has gone over the connections that has not been asked for.");

    private WatchedStream Watch(Stream stream) => new(stream, new MessageFlags(_requests, afterPreface: true), new MessageFlags(_responses, afterPreface: false));

    private RpcServer StartOurs()
    {
        var methods = new RpcMethods();
        if (_kind is PairKind.OursInMemoryTypedService or PairKind.OursOnUnixSocketTypedService or PairKind.GrpcNetClientToOursTypedService)
            Bind<ITestService>(methods, new ContractTestService(() => Take(_requests)));
        else
            TestService.BindService(methods, new TestServiceImplementation(() => Take(_requests)));
        var server = new RpcServer(methods, new RpcServerOptions { Logger = Logger, MaxReceiveMessageSize = MaxMessageSize, MaxSendMessageSize = null });
        if (_kind is PairKind.OursInMemory or PairKind.OursInMemoryTypedService)
            server.Start(_memory = new MemoryListener());
        else
            server.Start(UnixSocketListener.Bind(Path));
        return server;
    }

    private static void Bind<TContract>(RpcMethods methods, TContract implementation)
        where TContract : class, IContract<TContract> => TContract.Definition.Bind(methods, implementation);

    private async ValueTask<InteropChannel> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_kind is PairKind.GrpcNetClientToOurs or PairKind.GrpcNetClientToOursTypedService)
        {
            var client = new GrpcNetClient(Path, Watch, MaxMessageSize);
            return new InteropChannel(client.Channel.CreateCallInvoker(), client.DisposeAsync);
        }

        var transport = _memory is null ? await UnixSocketConnector.ConnectAsync(Path, cancellationToken) : await _memory.ConnectAsync(cancellationToken);
        var connection = await RpcClientConnection.ConnectAsync(
            new TransportConnection(Watch(transport.Stream), transport.RemoteAddress, transport.Peer),
            new RpcClientOptions { Logger = Logger, MaxReceiveMessageSize = MaxMessageSize, MaxSendMessageSize = null },
            cancellationToken);
        return new InteropChannel(connection.CallInvoker, connection.DisposeAsync);
    }
}
