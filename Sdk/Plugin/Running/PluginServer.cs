using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Plugwire.Callbacks;
using Plugwire.Describing;
using Plugwire.HostServices;
using Plugwire.Lifetime;
using Plugwire.Logging;
using Plugwire.Output;
using Plugwire.Wire.Logging;
using Plugwire.Wire.Rpc.Server;
using Plugwire.Wire.Services.GoPlugin;
using Plugwire.Wire.Services.Health;
using Plugwire.Wire.Services.Reflection;
using Plugwire.Wire.Transports;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Plugwire.Running;

/// <summary>
/// Serves the author's services and the SDK's own on a listener, between the start and the stop of the author's hosted services.
/// It knows nothing of how the plugin was launched.
/// </summary>
internal sealed partial class PluginServer : IAsyncDisposable
{
    // Hosted services get what the drain left of its budget, and at least this.
    private static readonly TimeSpan LeastHostedStop = TimeSpan.FromSeconds(1);

    private readonly IServiceProvider _services;
    private readonly PluginParts _parts;
    private readonly PluginLifetime _lifetime;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HostedServices _hosted;
    private readonly HostConnection _host;
    private readonly OutputBuffer _output;
    private readonly StdioService _stdio;
    private HealthStatuses? _health;
    private RpcServer? _rpc;

    /// <param name="services">The author's services; not owned.</param>
    /// <param name="parts">What the author put together.</param>
    /// <param name="output">The console output that the host may read.</param>
    public PluginServer(IServiceProvider services, PluginParts parts, OutputBuffer output)
    {
        _services = services;
        _parts = parts;
        _output = output;
        _lifetime = services.GetRequiredService<PluginLifetime>();
        _time = services.GetRequiredService<TimeProvider>();
        _logger = new HarmlessLogger(services.GetRequiredService<ILoggerFactory>().CreateLogger("Plugwire.Plugin"));
        _hosted = new HostedServices(services.GetServices<IHostedService>(), _time, _logger);
        _host = services.GetRequiredService<HostConnection>();
        _stdio = new StdioService(output, _logger);
    }

    /// <summary>Completes when a background service of the author's has failed.</summary>
    public Task<Exception> Failed => _hosted.Failed;

    /// <summary>How many handlers run; after the stop those that heed no token.</summary>
    public int RunningHandlers => _rpc?.ActiveCalls ?? 0;

    /// <summary>Starts the hosted services, then serves. What <paramref name="listen"/> returns is owned from then on.</summary>
    public async Task StartAsync(Func<Task<IConnectionListener>> listen, CancellationToken cancellationToken)
    {
        await _hosted.StartAsync(cancellationToken).ConfigureAwait(false);
        var methods = await BindMethodsAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        var screen = new HostConnectionScreen(_host, _parts.ToClientOptions(_time, _logger));
        _rpc = new RpcServer(methods, _parts.ToServerOptions(screen, _time, _logger));
        _rpc.Start(await listen().ConfigureAwait(false));
        await _hosted.StartedAsync(cancellationToken).ConfigureAwait(false);
        _host.Open();
    }

    /// <summary>
    /// The recipe of a stop: say it, end the streams that never end by themselves, wait for calls, cut the rest, stop the hosted
    /// services, and then only close the connection on which both may call the host. Returns within <paramref name="drainBudget"/> and little more. Works from any point of a start that failed.
    /// </summary>
    /// <param name="drainBudget">How long calls may go on.</param>
    /// <param name="endOutput">Ends the console output once all of it so far is in the buffer.</param>
    /// <param name="hurried">Completes when calls are to be cut at once.</param>
    public async Task StopAsync(TimeSpan drainBudget, Func<Task> endOutput, Task hurried)
    {
        var begun = _time.GetTimestamp();
        _health?.BeginStop();
        _host.BeginStop();
        _lifetime.NotifyStopping(_logger);
        await endOutput().ConfigureAwait(false);
        if (_rpc is not null)
            await DrainAsync(_rpc, drainBudget, hurried).ConfigureAwait(false);

        var left = drainBudget - _time.GetElapsedTime(begun);
        await _hosted.StopAsync(left > LeastHostedStop ? left : LeastHostedStop).ConfigureAwait(false);
        await _host.EndAsync().ConfigureAwait(false);
        if (_output.Unread + _output.TakeDropped() is var lost and > 0)
            Log.OutputUnread(_logger, lost);
    }

    public async ValueTask DisposeAsync()
    {
        if (_rpc is not null)
            await _rpc.DisposeAsync().ConfigureAwait(false);
        await _host.EndAsync().ConfigureAwait(false);
        _stdio.Dispose();
    }

    private async Task DrainAsync(RpcServer rpc, TimeSpan budget, Task hurried)
    {
        using var drain = new CancellationTokenSource(budget, _time);
        var stop = rpc.StopAsync(drain.Token);
        if (await Task.WhenAny(stop, hurried).ConfigureAwait(false) == hurried)
            await drain.CancelAsync().ConfigureAwait(false);
        await stop.ConfigureAwait(false);
        if (drain.IsCancellationRequested)
            Log.CallsCut(_logger);
    }

    private async ValueTask<RpcMethods> BindMethodsAsync()
    {
        var methods = new RpcMethods();
        foreach (var registration in _parts.Services)
            await registration.BindAsync(methods, _services, _parts.Interceptors).ConfigureAwait(false);

        // The SDK's own are not the author's to intercept: a host must be able to stop any plugin.
        _health = new HealthStatuses(methods.ServiceNames, () => _lifetime.IsServing);
        Health.BindService(methods, new HealthService(_health, static () => Debugger.IsAttached, () => _rpc?.DeafHandlers ?? 0));
        GRPCController.BindService(methods, new ControllerService(_lifetime));
        GRPCStdio.BindService(methods, _stdio);
        Wire.Services.Control.Control.BindService(methods, new ControlService(_services.GetRequiredService<LogLevelSwitch>(), _parts.Capabilities, _host));
        ServerReflection.BindService(methods, new ReflectionService(Describe(methods), _lifetime.ApplicationStopping));
        return methods;
    }

    private ServedDescriptors Describe(RpcMethods methods)
    {
        Func<ServiceDescriptor?>[] services =
        [
            .. _parts.Services.Select(registration => registration.Descriptor).OfType<Func<ServiceDescriptor?>>(),
            static () => Health.Descriptor, static () => GRPCController.Descriptor, static () => GRPCStdio.Descriptor,
            static () => Wire.Services.Control.Control.Descriptor, static () => ServerReflection.Descriptor,
        ];
        return new ServedDescriptors(() => methods.ServiceNames, services);
    }

    private static partial class Log
    {
        [LoggerMessage(31, LogLevel.Warning, "Calls were still running when the plugin stopped, and were cut.", EventName = "CallsCut")]
        public static partial void CallsCut(ILogger logger);

        [LoggerMessage(32, LogLevel.Warning, "{Bytes} bytes of console output were lost: the host did not read them.", EventName = "ConsoleOutputUnread")]
        public static partial void OutputUnread(ILogger logger, long bytes);
    }
}
