using Microsoft.Extensions.Logging;

namespace Plugwire.Wire.Http2;

/// <summary>
/// One HTTP/2 connection (RFC 9113) over a duplex byte stream, in either role. This file is its life: it begins with the preface, runs its read
/// loop, and ends every stream once with the reason when the transport ends, the peer breaks the protocol, or either side closes. What
/// comes in is in <c>Http2Connection.Receiving.cs</c> and <c>.Control.cs</c>, what goes out in <c>Http2Connection.Sending.cs</c>.
/// </summary>
/// <remarks>
/// <code>
///              preface sent          peer's SETTINGS            GOAWAY sent or received        last stream ends
///   (created) ─────────────▶ opening ─────────────▶ open ─────────────────────────▶ draining ─────────────────▶ closed
///                               │                    │                                 │                          ▲
///                               └────────────────────┴── transport ends, connection error, Abort ─────────────────┘
/// </code>
/// </remarks>
internal sealed partial class Http2Connection : IAsyncDisposable
{
    private const long KeepAlivePing = 0x414c_4956_4500_0001;

    // How long the end of the transport waits to be explained by those who know more than a broken pipe tells.
    private static readonly TimeSpan ExplanationTimeout = TimeSpan.FromMilliseconds(250);

    // How long what the peer has said before it closed is still read, once nothing can be written to it.
    private static readonly TimeSpan LastWordsTimeout = TimeSpan.FromMilliseconds(250);

    private readonly Stream _transport;
    private readonly Http2Role _role;
    private readonly Http2Options _options;
    private readonly StreamAcceptor? _acceptor;
    private readonly StreamTable _streams;
    private readonly FrameSender _sender;
    private readonly FrameReceiver _receiver;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly KeepAlive? _keepAlive;

    // For the peer's SETTINGS, and then for its acknowledgement of ours.
    private readonly ITimer _prefaceTimer;

    // Never disposed: it owns no timer, and Abort may come at any time.
    private readonly CancellationTokenSource _abort = new();
    private ReceiveWindow _receiveWindow;

    // The read loop's own.
    private bool _settingsAcknowledged;

    // Being told something, perhaps its end, and so perhaps among the open streams no more.
    private Http2Stream? _told;

    // Guarded by the gate. The first reason counts.
    private ConnectionLoss? _loss;
    private bool _peerLeaves;

    // Why no more streams are opened while open ones go on; the last reason counts.
    private ConnectionLoss? _refusal;
    private ITimer? _lastWordsTimer;
    private int _lastIdInGoAway = int.MaxValue;
    private bool _streamsTold;

    private Http2Connection(Stream transport, Http2Role role, Http2Options options, StreamAcceptor? acceptor, ReadOnlyMemory<byte> received)
    {
        _transport = transport;
        _role = role;
        _options = options;
        _acceptor = acceptor;
        _streams = new StreamTable(role, options.FirstStreamId);
        _sender = new FrameSender(this, transport, options, _streams);
        _receiver = new FrameReceiver(transport, this, options, role, received);
        _receiveWindow = new ReceiveWindow(options.ConnectionWindow);
        Allowance = new FrameAllowance(options.MaxIdleFramesPerSecond, options.TimeProvider, _sender.CountStreamFrames);
        ReleaseThreshold = options.StreamWindow / 4;
        if (options.KeepAlivePingDelay != Timeout.InfiniteTimeSpan)
            _keepAlive = new KeepAlive(options, SendPing, OnSilence);
        _prefaceTimer = options.TimeProvider.CreateTimer(
            static state => ((Http2Connection)state!).OnPrefaceTimeout(), this, options.PrefaceTimeout, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends when the peer's SETTINGS have come, or with the connection. Never faults.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Ends when the connection is over and every stream has been told. Never faults.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Why the connection is over or takes no more streams; null while it does.</summary>
    public ConnectionLoss? Loss
    {
        get
        {
            lock (_sender.Gate)
                return _loss ?? _refusal;
        }
    }

    /// <summary>The peer's leave, when it has taken it (GOAWAY without an error); null as long as it has not.</summary>
    public ConnectionLoss? PeersLeave
    {
        get
        {
            lock (_sender.Gate)
                return _peerLeaves ? _refusal : null;
        }
    }

    /// <summary>The largest header list that the peer takes, so far as it has told. A change counts from the next list on.</summary>
    public int PeerMaxHeaderListSize => _sender.PeerSettings.MaxHeaderListSize;

    /// <summary>What the peer may send that moves nothing on. The read loop's own.</summary>
    public FrameAllowance Allowance { get; }

    /// <summary>From how many used-up bytes on a stream tells them to the connection.</summary>
    public int ReleaseThreshold { get; }

    /// <summary>Starts a connection on a transport, which belongs to it from here on.</summary>
    /// <param name="transport">A duplex byte stream whose disposal ends pending reads and writes.</param>
    /// <param name="role">Which side this is.</param>
    /// <param name="options">What the peer is granted.</param>
    /// <param name="acceptor">Makes the streams that the peer opens; null for a client, whose peer opens none.</param>
    /// <param name="received">What has been read of the client's preface already; not more than that.</param>
    public static Http2Connection Start(
        Stream transport, Http2Role role, Http2Options options, StreamAcceptor? acceptor = null, ReadOnlyMemory<byte> received = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(received.Length, role == Http2Role.Server ? FrameWriter.Preface.Length : 0);
        if (role == Http2Role.Server)
            ArgumentNullException.ThrowIfNull(acceptor);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ConnectionWindow, Http2Settings.DefaultWindow);
        var connection = new Http2Connection(transport, role, options, acceptor, received);

        // Owned by Closed, which everyone who ends the connection awaits; it never faults.
        _ = connection.RunAsync();
        return connection;
    }

    /// <summary>Opens no more streams, tells the peer so, lets open ones end until <paramref name="cancellationToken"/> is cancelled, and closes.</summary>
    /// <remarks>Never throws for the cancellation: it is the end of the patience. Idempotent.</remarks>
    public async Task ShutdownAsync(CancellationToken cancellationToken)
    {
        BeginDraining();
        try
        {
            await _drained.Task.WaitAsync(cancellationToken).ConfigureAwait(false);

            // The last answers are in the output; they have to leave it, too.
            Flush();
            await _sender.WhenIdleAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The patience is over: what is still open may say a last word, and is aborted.
            CutOpenStreams();
        }

        Abort(new ConnectionLoss("This side has closed the connection.", Http2ErrorCode.NoError));
        await Closed.ConfigureAwait(false);
    }

    /// <summary>Ends the connection and with it all its streams.</summary>
    public void Abort(ConnectionLoss loss)
    {
        lock (_sender.Gate)
            _loss ??= loss;

        _abort.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        Abort(new ConnectionLoss("This side has closed the connection.", Http2ErrorCode.NoError));
        await Closed.ConfigureAwait(false);
    }

    /// <summary>
    /// The transport refused a write. The read loop ends the connection: as a rule at once, behind the last that the peer said before it closed; and soon where the
    /// transport still waits for more.
    /// </summary>
    internal void OnTransportFailed(Exception exception)
    {
        lock (_sender.Gate)
        {
            if (_loss is not null)
                return;

            _loss = new ConnectionLoss("The connection broke.", Exception: exception);
            _lastWordsTimer = _options.TimeProvider.CreateTimer(
                static abort => ((CancellationTokenSource)abort!).Cancel(), _abort, LastWordsTimeout, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task RunAsync()
    {
        lock (_sender.Gate)
            _sender.WritePreface(_role);
        Flush();

        // Whoever starts a connection may have others to accept: a peer that never stops sending must not keep it here.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

        ConnectionLoss found;
        try
        {
            var clean = await _receiver.RunAsync(_abort.Token).ConfigureAwait(false);
            found = new ConnectionLoss(clean ? "The peer closed the connection." : "The connection ended within a frame.");
        }
        catch (OperationCanceledException) when (_abort.IsCancellationRequested)
        {
            found = new ConnectionLoss("The connection was aborted.");
        }
        catch (Http2ConnectionException exception)
        {
            Log.ProtocolViolation(_options.Logger, exception.ErrorCode, exception.Message);
            found = new ConnectionLoss(exception.Message, exception.ErrorCode);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            found = new ConnectionLoss("The connection broke.", Exception: exception);
        }
        catch (Exception exception)
        {
            // A bug of ours must not leave calls that never end.
            Log.ReadLoopFailed(_options.Logger, exception);
            found = new ConnectionLoss("The connection failed on this side.", Http2ErrorCode.InternalError, exception);
        }

        try
        {
            await EndAsync(found).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Log.EndFailed(_options.Logger, exception);
        }
        finally
        {
            _drained.TrySetResult();
            _ready.TrySetResult();
            _closed.TrySetResult();
        }
    }

    // The one place where everything of the connection ends, in this order: refuse, say goodbye, close, explain, tell the streams.
    private async Task EndAsync(ConnectionLoss found)
    {
        ConnectionLoss loss;
        lock (_sender.Gate)
        {
            loss = _loss ??= found;
            _sender.DropScheduled();
            if (loss.ErrorCode is { } errorCode)
                WriteGoAway(errorCode, errorCode == Http2ErrorCode.NoError ? "" : loss.Reason);
        }

        await _prefaceTimer.DisposeAsync().ConfigureAwait(false);
        _lastWordsTimer?.Dispose();
        _keepAlive?.Dispose();
        CompleteLeave();
        await WriteTheRestAsync().ConfigureAwait(false);
        lock (_sender.Gate)
            _sender.Close();
        await CloseTransportAsync().ConfigureAwait(false);

        // A peer that takes its leave says that it goes, and not why.
        if (loss.ErrorCode is null || (_peerLeaves && loss.ErrorCode is Http2ErrorCode.NoError))
            loss = await ExplainAsync(loss.As(PeersLeave?.Explanation)).ConfigureAwait(false);
        IReadOnlyList<Http2Stream> streams;
        lock (_sender.Gate)
        {
            _loss = loss;
            _streamsTold = true;
            streams = _streams.TakeAll();
            if (_told is { } failed && !streams.Contains(failed))
                streams = [.. streams, failed];
            foreach (var stream in streams)
                End(stream);
        }

        Tell(streams, loss);
        await _sender.WhenIdleAsync().ConfigureAwait(false);
        _sender.Dispose();
        _receiver.Dispose();
    }

    private async Task CloseTransportAsync()
    {
        try
        {
            await _transport.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Streams are still to be told.
            Log.EndFailed(_options.Logger, exception);
        }
    }

    // Each is told, whatever another makes of it.
    private void Tell(IReadOnlyList<Http2Stream> streams, ConnectionLoss loss)
    {
        foreach (var stream in streams)
        {
            try
            {
                stream.OnConnectionLost(loss);
            }
            catch (Exception exception)
            {
                Log.EndFailed(_options.Logger, exception);
            }
        }
    }

    private async Task WriteTheRestAsync()
    {
        Flush();
        try
        {
            await _sender.WhenIdleAsync().WaitAsync(_options.CloseTimeout, _options.TimeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The peer reads no more; what waited for it is lost with the connection, and its streams are told so.
            Log.PeerDoesNotRead(_options.Logger, _options.CloseTimeout);
        }
    }

    private async Task<ConnectionLoss> ExplainAsync(ConnectionLoss loss)
    {
        if (_options.ExplainLoss is not { } explain)
            return loss;

        using var timeout = new CancellationTokenSource(ExplanationTimeout, _options.TimeProvider);
        try
        {
            return loss.As(await explain(loss, timeout.Token).AsTask().WaitAsync(timeout.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return loss;
        }
        catch (Exception exception)
        {
            Log.ExplanationFailed(_options.Logger, exception);
            return loss;
        }
    }

    internal void OnStalledFrame() => Abort(new ConnectionLoss(
        $"The peer has begun a frame or a header block and not ended it within {_options.FrameTimeout.TotalSeconds:0.###} s.", Http2ErrorCode.EnhanceYourCalm));

    private void OnSilence() => Abort(new ConnectionLoss(
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"The peer has not answered a keep-alive PING within {_options.KeepAlivePingTimeout.TotalSeconds:0.###} s; nothing had come from it for {_options.KeepAlivePingDelay.TotalSeconds:0.###} s."),
        Http2ErrorCode.NoError));

    private void SendPing()
    {
        lock (_sender.Gate)
        {
            if (_loss is not null)
                return;
            _sender.WritePing(KeepAlivePing);
        }

        Flush();
    }

    private void OnPrefaceTimeout() => Abort(new ConnectionLoss(
        _ready.Task.IsCompleted
            ? $"The peer has not acknowledged our HTTP/2 SETTINGS within {_options.SettingsTimeout.TotalSeconds:0.###} s of its own."
            : $"The peer sent no HTTP/2 SETTINGS within {_options.PrefaceTimeout.TotalSeconds:0.###} s.",
        Http2ErrorCode.SettingsTimeout));

    // Ends a connection that opens no more streams when its last has ended. It ends with Closed at the latest, and never faults.
    private async Task CloseWhenDrainedAsync(ConnectionLoss loss)
    {
        // Called under the gate.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        List<Http2Stream> refused;
        lock (_sender.Gate)
        {
            refused = TakeWaiting();
            NoteDrained();
        }

        Tell(refused, loss);
        await _drained.Task.ConfigureAwait(false);
        Abort(loss);
    }

    private bool IsDraining => _refusal is not null;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The peer broke the HTTP/2 protocol ({ErrorCode}): {Violation} The connection ends.")]
        public static partial void ProtocolViolation(ILogger logger, Http2ErrorCode errorCode, string violation);

        [LoggerMessage(2, LogLevel.Error, "The read loop of an HTTP/2 connection failed; the connection ends.")]
        public static partial void ReadLoopFailed(ILogger logger, Exception exception);

        [LoggerMessage(3, LogLevel.Debug, "The peer did not read the connection's last bytes within {Timeout}.")]
        public static partial void PeerDoesNotRead(ILogger logger, TimeSpan timeout);

        [LoggerMessage(4, LogLevel.Error, "Finding out why the connection ended failed.")]
        public static partial void ExplanationFailed(ILogger logger, Exception exception);

        [LoggerMessage(7, LogLevel.Warning, "{Complaint}")]
        public static partial void PeerComplains(ILogger logger, string complaint);

        [LoggerMessage(6, LogLevel.Error, "Ending an HTTP/2 connection failed.")]
        public static partial void EndFailed(ILogger logger, Exception exception);

        [LoggerMessage(5, LogLevel.Information, "A call waits: the peer allows {Limit} concurrent streams on this connection, all are open, and {Waiting} wait.")]
        public static partial void WaitingForStream(ILogger logger, int limit, int waiting);
    }
}
