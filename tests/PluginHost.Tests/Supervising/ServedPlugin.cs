using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Grpc.Core;
using Plugwire.Hosting.Tests.Starting;
using Plugwire.Wire.Rpc.Server;
using Plugwire.Wire.Services.Control;
using Plugwire.Wire.Services.GoPlugin;
using Plugwire.Wire.Services.Health;
using Plugwire.Wire.Transports;
using Plugwire.Wire.Transports.UnixSockets;

namespace Plugwire.Hosting.Tests.Supervising;

/// <summary>The services of a plugin, served by the test itself while a shell is the process.</summary>
internal sealed class ServedPlugin : IAsyncDisposable
{
    private const int SigTerm = 15;

    private readonly FifoPlugin _process;
    private readonly RpcMethods _methods = new();
    private readonly ConcurrentQueue<TransportConnection> _connections = new();

    public ServedPlugin(
        string beforeHandshake = FifoPlugin.WellBehaved, string afterHandshake = FifoPlugin.LiveAsLongAsTheHost, bool isAPlugwirePlugin = true)
    {
        _process = new FifoPlugin(Serve, beforeHandshake: beforeHandshake, afterHandshake: afterHandshake);
        _methods.Add(Health.BindService(new HealthService(this)));
        _methods.Add(EchoService.Bind(this));
        if (!isAPlugwirePlugin)
            return;

        _methods.Add(GRPCController.BindService(new ControllerService(this)));
        _methods.Add(GRPCStdio.BindService(new StdioService(this)));
        _methods.Add(Control.BindService(new ControlService(this)));
    }

    public FifoPlugin Process => _process;

    /// <summary>What else it serves; complete before the start.</summary>
    public RpcMethods Methods => _methods;

    /// <summary>The capabilities that it names.</summary>
    public Func<IEnumerable<string>> Describe { get; init; } = () => [];

    public PluginOptions Options => _process.Options;

    public RpcServer? Server { get; private set; }

    public HealthCheckResponse.Types.ServingStatus Status { get; set; } = HealthCheckResponse.Types.ServingStatus.Serving;

    /// <summary>What the controller does when it is asked to end the plugin; by default it ends the process and answers.</summary>
    public Func<int, CancellationToken, Task> OnShutdown { get; set; } = (processId, _) => { Signal(processId, SigTerm); return Task.CompletedTask; };

    /// <summary>What the plugin answers to a host that wants to be called; by default it does not know what that is.</summary>
    public Func<OpenHostConnectionRequest, OpenHostConnectionResponse>? OnOpenHostConnection { get; set; }

    /// <summary>Looks at each connection; by default all are for calls to the plugin.</summary>
    public Func<TransportConnection, CancellationToken, ValueTask<TransportConnection?>>? Screen { get; set; }

    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>Console output that the plugin hands over.</summary>
    public BlockingCollection<StdioData> Console { get; } = [];

    /// <summary>Ends when a call hangs in the plugin.</summary>
    public TaskCompletionSource CallHangs { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Plugin> StartAsync() => _process.StartAsync();

    /// <summary>Ends all connections from the plugin's side, in the midst of everything.</summary>
    public async Task CutConnectionsAsync()
    {
        foreach (var connection in _connections)
            await connection.DisposeAsync();
    }

    public static void Signal(int processId, int signal) => Assert.Equal(0, Kill(processId, signal));

    public async ValueTask DisposeAsync()
    {
        Console.CompleteAdding();
        await _process.DisposeAsync();
        Console.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int processId, int signal);

    private RpcServer Serve(string path)
    {
        Server = new RpcServer(_methods, new RpcServerOptions { Screen = Screen });
        Server.Start(new KeptConnections(UnixSocketListener.Bind(path), _connections));
        return Server;
    }

    /// <summary>A listener that lets the test have what it has accepted.</summary>
    private sealed class KeptConnections(IConnectionListener listener, ConcurrentQueue<TransportConnection> accepted) : IConnectionListener
    {
        public string Address => listener.Address;

        public async ValueTask<TransportConnection?> AcceptAsync(CancellationToken cancellationToken)
        {
            var connection = await listener.AcceptAsync(cancellationToken);
            if (connection is not null)
                accepted.Enqueue(connection);
            return connection;
        }

        public ValueTask DisposeAsync() => listener.DisposeAsync();
    }

    private sealed class HealthService(ServedPlugin plugin) : Health.HealthBase
    {
        public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
        {
            plugin.Asked.Enqueue($"health of {request.Service}");
            return Task.FromResult(new HealthCheckResponse { Status = plugin.Status });
        }
    }

    private sealed class ControllerService(ServedPlugin plugin) : GRPCController.GRPCControllerBase
    {
        public override async Task<Empty> Shutdown(Empty request, ServerCallContext context)
        {
            plugin.Asked.Enqueue("shutdown");
            await plugin.OnShutdown(await plugin._process.Launched, context.CancellationToken);
            return new Empty();
        }
    }

    private sealed class StdioService(ServedPlugin plugin) : GRPCStdio.GRPCStdioBase
    {
        public override async Task StreamStdio(
            Google.Protobuf.WellKnownTypes.Empty request, IServerStreamWriter<StdioData> responseStream, ServerCallContext context)
        {
            await Task.Yield();
            foreach (var data in plugin.Console.GetConsumingEnumerable(context.CancellationToken))
                await responseStream.WriteAsync(data);
        }
    }

    private sealed class ControlService(ServedPlugin plugin) : Control.ControlBase
    {
        public override Task<SetLogLevelResponse> SetLogLevel(SetLogLevelRequest request, ServerCallContext context)
        {
            plugin.Asked.Enqueue($"log level {request.Minimum}");
            return Task.FromResult(new SetLogLevelResponse());
        }

        public override Task<DescribeResponse> Describe(DescribeRequest request, ServerCallContext context) =>
            Task.FromResult(new DescribeResponse { Capabilities = { plugin.Describe() } });

        public override Task<OpenHostConnectionResponse> OpenHostConnection(OpenHostConnectionRequest request, ServerCallContext context) =>
            plugin.OnOpenHostConnection is { } open ? Task.FromResult(open(request)) : base.OpenHostConnection(request, context);
    }
}
