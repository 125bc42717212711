using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Plugwire.Wire.Transports;

namespace Plugwire.Wire.Rpc.Server;

/// <summary>
/// A gRPC server on any listener. It stops in this order: accept no more, tell handlers and clients, let calls end, abort what is left, wait for it.
/// </summary>
internal sealed partial class RpcServer(RpcMethods methods, RpcServerOptions options) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<RpcServerConnection, Task> _connections = new();
    private readonly ConcurrentDictionary<TransportConnection, Task> _screenings = new();

    // Over, while handlers of theirs still run.
    private readonly ConcurrentDictionary<RpcServerConnection, bool> _deserted = new();
    private readonly Lock _gate = new();

    // Guarded by the gate. The server owns the listener from Start on.
    private IConnectionListener? _listener;
    private Task _accepting = Task.CompletedTask;
    private Task? _stopped;

    /// <summary>Fires when the server begins to stop, so that handlers of long calls can come to an end of their own.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>How many handlers run, those included that have outlived their connection.</summary>
    public int ActiveCalls => AllConnections.Sum(static connection => connection.RunningHandlers);

    /// <summary>How many handlers run on though their calls are over.</summary>
    public int DeafHandlers => AllConnections.Sum(static connection => connection.DeafHandlers);

    private IEnumerable<RpcServerConnection> AllConnections => _connections.Keys.Concat(_deserted.Keys).Distinct();

    /// <summary>Serves what connects to the listener, which belongs to the server from here on. Once only.</summary>
    public void Start(IConnectionListener listener)
    {
        lock (_gate)
        {
            if (_listener is not null || _stopped is not null)
                throw new InvalidOperationException("A server is started once.");
            _listener = listener;
            _accepting = AcceptAsync(listener);
        }
    }

    /// <summary>Serves one connection that is there already, which belongs to the server from here on.</summary>
    public void Serve(TransportConnection transport)
    {
        var connection = new RpcServerConnection(transport, methods, options);
        _connections[connection] = OwnAsync(connection);

        // It may have ended before it was known.
        if (connection.Closed.IsCompleted)
            _connections.TryRemove(connection, out _);
    }

    /// <summary>Stops; what has not ended when <paramref name="drain"/> is cancelled is aborted. Idempotent: the first call's patience counts.</summary>
    /// <remarks>Never throws for the cancellation. A handler that ignores its token may run on: see <see cref="ActiveCalls"/>.</remarks>
    public Task StopAsync(CancellationToken drain)
    {
        lock (_gate)
            return _stopped ??= StopOnceAsync(drain);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task StopOnceAsync(CancellationToken drain)
    {
        // Off the caller's lock, and off its stack: what waits on Stopping is others' code.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (_listener is not null)
            await _listener.DisposeAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        try
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
        }
        catch (AggregateException exception)
        {
            Log.StoppingCallbackFailed(options.Logger, exception);
        }

        await Task.WhenAll(_screenings.Values).ConfigureAwait(false);
        await Task.WhenAll(_connections.Keys.Select(connection => connection.ShutdownAsync(drain))).ConfigureAwait(false);
        await Task.WhenAll(_connections.Values).ConfigureAwait(false);
    }

    private async Task AcceptAsync(IConnectionListener listener)
    {
        try
        {
            while (await listener.AcceptAsync(CancellationToken.None).ConfigureAwait(false) is { } transport)
            {
                if (_connections.Count + _screenings.Count < options.MaxConnections)
                {
                    Admit(transport);
                    continue;
                }

                Log.TooManyConnections(options.Logger, transport.RemoteAddress, options.MaxConnections);
                await transport.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (IOException exception)
        {
            Log.ListenerBroken(options.Logger, exception, listener.Address);
        }
    }

    private void Admit(TransportConnection transport)
    {
        var admission = ScreenAndServeAsync(transport);
        if (admission.IsCompleted)
            return;

        // A connection that has yet to say whose it is holds up no other.
        _screenings[transport] = admission;
        if (admission.IsCompleted)
            _screenings.TryRemove(transport, out _);
    }

    // Never faults.
    private async Task ScreenAndServeAsync(TransportConnection transport)
    {
        try
        {
            if (await ScreenAsync(transport).ConfigureAwait(false) is { } client)
                Serve(client);
        }
        catch (Exception exception)
        {
            Log.ScreenFailed(options.Logger, exception, transport.RemoteAddress);
            await transport.DisposeAsync().ConfigureAwait(false);
        }

        _screenings.TryRemove(transport, out _);
    }

    private ValueTask<TransportConnection?> ScreenAsync(TransportConnection transport) =>
        options.Screen is { } screen ? screen(transport, _stopping.Token) : new(transport);

    private async Task OwnAsync(RpcServerConnection connection)
    {
        await connection.Closed.ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
        foreach (var deserted in _deserted.Keys.Where(deserted => deserted.RunningHandlers == 0))
            _deserted.TryRemove(deserted, out _);
        if (connection.RunningHandlers > 0)
            _deserted[connection] = true;
        _connections.TryRemove(connection, out _);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A connection from {RemoteAddress} is refused: {Limit} are open, which is the limit.")]
        public static partial void TooManyConnections(ILogger logger, string remoteAddress, int limit);

        [LoggerMessage(2, LogLevel.Error, "Nothing more is accepted at {Address}: the listener is broken. Open connections go on.")]
        public static partial void ListenerBroken(ILogger logger, Exception exception, string address);

        [LoggerMessage(3, LogLevel.Error, "A callback on the server's stopping token failed.")]
        public static partial void StoppingCallbackFailed(ILogger logger, Exception exception);

        [LoggerMessage(4, LogLevel.Error, "A connection from {RemoteAddress} is closed: finding out whose it is failed.")]
        public static partial void ScreenFailed(ILogger logger, Exception exception, string remoteAddress);
    }
}
