using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Plugwire.Launching;
using Plugwire.Lifetime;
using Plugwire.Output;
using Plugwire.Wire.Logging;
using Plugwire.Wire.Transports;
using Plugwire.Wire.Transports.UnixSockets;

namespace Plugwire.Running;

/// <summary>One run of a launched plugin, from the cookie to the exit code.</summary>
internal sealed partial class PluginRun
{
    // With the host dead there is nobody to drain for: handlers get time to let go of what they hold.
    private static readonly TimeSpan DrainWithoutHost = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan DisposeBudget = TimeSpan.FromSeconds(2);

    private readonly LaunchContext _launch;
    private readonly PluginParts _parts;
    private readonly ServiceProviderOwner _services;
    private readonly PluginLifetime _lifetime;
    private ILogger _logger = NullLogger.Instance;
    private SocketPlacement? _socket;
    private PluginServer? _server;
    private bool _started;

    public PluginRun(LaunchContext launch, PluginParts parts, ServiceProviderOwner services, PluginLifetime lifetime)
    {
        _launch = launch;
        _parts = parts;
        _services = services;
        _lifetime = lifetime;
    }

    /// <summary>How many handlers run; after the end those that heed no token.</summary>
    public int RunningHandlers => _server?.RunningHandlers ?? 0;

    /// <summary>Runs until somebody asks for the end; the exit code is the process's. Never throws: what went wrong is told on standard error.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        _lifetime.BeginRun();
        using var cancelled = cancellationToken.UnsafeRegister(static lifetime => ((PluginLifetime)lifetime!).StopApplication(), _lifetime);
        try
        {
            if (LaunchCheck.FindStranger(_launch.Variable, _parts.CookieKey, _parts.CookieValue) is { } explanation)
            {
                _launch.Tell(explanation);
                return ExitCodes.Refused;
            }

            LaunchCheck.RefuseUnknown(_launch.Variable);
            var version = Handshake.ChooseVersion(_launch, _parts.ProtocolVersions);
            return await ServeAsync(version).ConfigureAwait(false);
        }
        catch (LaunchRefusedException refusal)
        {
            _launch.Tell("[ERROR] " + refusal.Message);
            return ExitCodes.Refused;
        }
        catch (Exception failure)
        {
            _launch.Tell($"[ERROR] The plugin {(_started ? "failed" : "could not start")}. {failure}");
            return _started ? ExitCodes.RunFailed : ExitCodes.StartFailed;
        }
        finally
        {
            await EndAsync().ConfigureAwait(false);
        }
    }

    private async Task<int> ServeAsync(int version)
    {
        var time = _services.Provider.GetRequiredService<TimeProvider>();
        _logger = new HarmlessLogger(_services.Provider.GetRequiredService<ILoggerFactory>().CreateLogger("Plugwire.Plugin"));
        var server = new PluginServer(_services.Provider, _parts, _launch.Console?.Buffer ?? OutputBuffer.Ended());
        _server = server;
        await using var ending = server.ConfigureAwait(false);
        using var over = new CancellationTokenSource();
        var parentWatch = _launch.Host.FollowParentAsync(time, over.Token);
        try
        {
            if (await StartAsync(server, version).ConfigureAwait(false))
            {
                _started = true;
                _lifetime.NotifyStarted(_logger);
                Log.Started(_logger, version, _socket!.Path);
                await Task.WhenAny(_lifetime.StopRequested, _launch.Host.Gone, server.Failed).ConfigureAwait(false);
            }
        }
        finally
        {
            await StopAsync(server).ConfigureAwait(false);
            _lifetime.NotifyStopped(_logger);
            await over.CancelAsync().ConfigureAwait(false);
            await parentWatch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return server.Failed.IsCompleted ? ExitCodes.RunFailed : ExitCodes.Stopped;
    }

    /// <summary>True when the host may dial; false when the end was asked for before.</summary>
    private async Task<bool> StartAsync(PluginServer server, int version)
    {
        using var given = new CancellationTokenSource();
        var start = server.StartAsync(ListenAsync, given.Token);
        var end = Task.WhenAny(_lifetime.StopRequested, _launch.Host.Gone);
        if (await Task.WhenAny(start, end).ConfigureAwait(false) != start)
            await given.CancelAsync().ConfigureAwait(false);
        try
        {
            await start.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (given.IsCancellationRequested)
        {
            return false;
        }

        if (end.IsCompleted)
            return false;
        Handshake.Write(_launch, version, _socket!.Path);
        return true;
    }

    private async Task<IConnectionListener> ListenAsync()
    {
        _socket = SocketPlacement.Choose(_launch.Variable);
        _launch.Host.Remember(_socket);
        var listener = _launch.Listen(_socket.Path, _services.Provider.GetRequiredService<TimeProvider>(), _logger);
        try
        {
            // The host's user need not be the plugin's then: the system lets in whom the group is open to.
            if (_socket.TryGiveToGroup())
                (listener as UnixSocketListener)?.AdmitAll();
            return listener;
        }
        catch
        {
            await listener.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private Task StopAsync(PluginServer server)
    {
        var gone = _launch.Host.Gone;
        if (gone.IsCompleted)
            Log.HostGone(_logger);
        return gone.IsCompleted
            ? server.StopAsync(Least(_parts.DrainTimeout, DrainWithoutHost), EndOutputAsync, _lifetime.Hurried)
            : server.StopAsync(
                Least(_parts.DrainTimeout, HostPatience.ReadDrain(_launch) ?? _parts.DrainTimeout), EndOutputAsync, Task.WhenAny(_lifetime.Hurried, gone));
    }

    private Task EndOutputAsync() => _launch.Console?.EndAsync() ?? Task.CompletedTask;

    private async Task EndAsync()
    {
        await _services.DisposeAsync(DisposeBudget, _launch.Tell).ConfigureAwait(false);
        _socket?.Remove();
        _launch.Host.RemoveLeftovers();
        if (_launch.Console is { } console)
            await console.FlushAsync().ConfigureAwait(false);
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static partial class Log
    {
        [LoggerMessage(41, LogLevel.Debug, "The plugin serves protocol version {Version} on {Address}.", EventName = "PluginStarted")]
        public static partial void Started(ILogger logger, int version, string address);

        [LoggerMessage(42, LogLevel.Warning, "The host has died; the plugin stops.", EventName = "HostGone")]
        public static partial void HostGone(ILogger logger);
    }
}
