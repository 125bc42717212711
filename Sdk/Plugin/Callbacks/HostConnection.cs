using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Plugwire.Lifetime;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Transports;

namespace Plugwire.Callbacks;

/// <summary>
/// The connection on which the plugin calls its host, from before there is one to its end. The host dials it, so here is only who may, and who waits for it. There is
/// one in a plugin's life: when it is lost, the host ends the plugin.
/// </summary>
/// <remarks>
/// <code>
///   starting ── Open ──▶ awaited ── Announce ──▶ announced ── Redeem, ConnectAsync ──▶ connected ── lost ──▶ over
///      │                    │                       │                                     │                  ▲
///      └────────────────────┴────── BeginStop ──────┴─────────────────────────────────────┴──── EndAsync ────┘
/// </code>
/// </remarks>
internal sealed partial class HostConnection(TimeProvider time, ILogger logger)
{
    /// <summary>How long a call waits for the host, from the end of the plugin's start on, unless it waits for ready.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly LossExplanation EndOfThePlugin = new("The plugin has stopped.");

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Host> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _wasAnnounced;

    // Guarded by the gate.
    private HostOffer? _offer;
    private RpcClientConnection? _connection;
    private Task _watch = Task.CompletedTask;
    private bool _isStopping;

    /// <summary>Whether a host has ever announced a connection: until then every connection is one on which the plugin is called.</summary>
    public bool WasAnnounced => _wasAnnounced;

    /// <summary>The plugin's start is over: who calls now can wait for the host.</summary>
    public void Open() => _open.TrySetResult();

    /// <summary>The host will dial with this token. A token that was given out before is good no more.</summary>
    /// <param name="services">The full names of what the host serves.</param>
    /// <param name="token">For the host.</param>
    /// <param name="refusal">Why not, as a sentence.</param>
    public bool TryAnnounce(IEnumerable<string> services, [NotNullWhen(true)] out HostConnectionToken? token, [NotNullWhen(false)] out string? refusal)
    {
        token = null;
        lock (_gate)
        {
            refusal = _isStopping ? "The plugin stops: it calls nobody any more."
                : _connection is not null ? "The plugin has its connection to the host already. There is one for each launch."
                : null;
            if (refusal is not null)
                return false;

            token = new HostConnectionToken(time);
            _offer = new HostOffer(services.ToFrozenSet(StringComparer.Ordinal), token);
        }

        _wasAnnounced = true;
        return true;
    }

    /// <summary>Uses up the token with which somebody has dialled.</summary>
    /// <param name="token">What he has shown.</param>
    /// <param name="offer">What goes with it.</param>
    /// <param name="refusal">Why it is not taken, as a clause.</param>
    public bool TryRedeem(ReadOnlySpan<byte> token, [NotNullWhen(true)] out HostOffer? offer, [NotNullWhen(false)] out string? refusal)
    {
        lock (_gate)
        {
            offer = null;
            refusal = null;
            if (_offer is null || !_offer.Token.Equals(token))
                refusal = "its token is not the one that this plugin gave out last, or has been used";
            else if (_offer.Token.IsTooOld)
                refusal = $"its token is older than {HostConnectionToken.Life.TotalSeconds:0} s";
            else
                (offer, _offer) = (_offer, null);
        }

        return offer is not null;
    }

    /// <summary>Begins to speak HTTP/2 with the host. The transport belongs to this connection from here on, also when that fails.</summary>
    /// <exception cref="IOException">The host closed, or does not speak HTTP/2.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the host had answered.</exception>
    public async Task ConnectAsync(TransportConnection transport, HostOffer offer, RpcClientOptions options, CancellationToken cancellationToken)
    {
        var connection = await RpcClientConnection.ConnectAsync(transport, options, cancellationToken).ConfigureAwait(false);
        bool isTaken;
        lock (_gate)
        {
            isTaken = !_isStopping && _connection is null;
            if (isTaken)
            {
                _connection = connection;
                _watch = WatchAsync(connection);
                _connected.TrySetResult(new Host(connection.CallInvoker, offer.Services));
            }
        }

        if (isTaken)
            Log.Connected(logger, Names(offer.Services));
        else
            await connection.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Calls to one service of the host; null when the host has not connected, or does not offer it.</summary>
    public CallInvoker? Find(string serviceName) =>
        _connected.Task.IsCompletedSuccessfully && _connected.Task.GetAwaiter().GetResult() is var host && host.Services.Contains(serviceName)
            ? host.CallInvoker
            : null;

    /// <summary>Waits for the host. The token ends the waiting.</summary>
    /// <param name="serviceName">What is to be called.</param>
    /// <param name="waitForReady">Whether to wait as long as the plugin runs, rather than <see cref="Patience"/>.</param>
    /// <param name="cancellationToken">The call's.</param>
    /// <exception cref="RpcException">The host does not come in time, does not offer the service, or cannot be waited for.</exception>
    public async Task<CallInvoker> WaitAsync(string serviceName, bool waitForReady, CancellationToken cancellationToken)
    {
        if (!_open.Task.IsCompleted && StartStep.IsRunning)
        {
            throw new RpcException(new Status(
                StatusCode.FailedPrecondition,
                $"The service '{serviceName}' of the host was called by a step of the plugin's start, and the host connects only after the start. " +
                "Call it from a handler, from the ExecuteAsync of a BackgroundService, or after IHostApplicationLifetime.ApplicationStarted."));
        }

        await _open.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        Host host;
        try
        {
            host = await _connected.Task.WaitAsync(waitForReady ? Timeout.InfiniteTimeSpan : Patience, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new RpcException(new Status(
                StatusCode.Unavailable,
                $"The host has not connected to take calls of '{serviceName}' within {Patience.TotalSeconds:0} s. A Plugwire host does so at the plugin's start when its " +
                "options have a host contract (AddHostContract); a host of another kind does not."));
        }

        return host.Services.Contains(serviceName)
            ? host.CallInvoker
            : throw new RpcException(new Status(
                StatusCode.Unimplemented,
                $"The host does not offer '{serviceName}'. It offers: {Names(host.Services)}. Add it to the plugin's options by AddHostContract."));
    }

    /// <summary>Nobody waits for the host any more. Where there is a connection, calls go on: the plugin's last ones may need them.</summary>
    public void BeginStop()
    {
        lock (_gate)
        {
            _isStopping = true;
            _open.TrySetResult();
            _connected.TrySetException(new RpcException(new Status(StatusCode.Unavailable, "The plugin stops, and its host has not connected to take calls.")));
        }

        // There need not be anybody who waits.
        _ = _connected.Task.Exception;
    }

    /// <summary>Closes the connection at once. May be called again.</summary>
    public async Task EndAsync()
    {
        BeginStop();
        RpcClientConnection? connection;
        Task watch;
        lock (_gate)
            (connection, watch) = (_connection, _watch);
        if (connection is not null)
            await connection.AbortAsync(EndOfThePlugin).ConfigureAwait(false);
        await watch.ConfigureAwait(false);
    }

    // Never faults.
    private async Task WatchAsync(RpcClientConnection connection)
    {
        await connection.Closed.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (connection.Loss?.Reason is var reason && reason != EndOfThePlugin.Reason)
            Log.Lost(logger, reason);
    }

    private static string Names(IEnumerable<string> services) => string.Join(", ", services.Order(StringComparer.Ordinal));

    private sealed record Host(CallInvoker CallInvoker, FrozenSet<string> Services);

    private static partial class Log
    {
        [LoggerMessage(51, LogLevel.Debug, "The host takes calls of {Services}.", EventName = "HostConnected")]
        public static partial void Connected(ILogger logger, string services);

        [LoggerMessage(52, LogLevel.Warning, "The connection for calls to the host is lost: {Reason}", EventName = "HostConnectionLost")]
        public static partial void Lost(ILogger logger, string? reason);
    }
}
