using System.Diagnostics;

namespace Plugwire.Wire.Http2;

/// <summary>
/// Brings frames to the transport. Whoever has something to send appends it under the gate; who finds no write under way, and has heard from the peer
/// since the last, writes at once, on its own thread, what is there. Everything else leaves from the pool, as much of it in one write as has come together.
/// </summary>
/// <remarks>
/// Streams with data left take turns of one frame each, so that none starves another; control frames are not queued behind data
/// beyond what is already in the output. The output is bounded: data waits in the streams' outboxes once <see cref="HighWater"/> bytes wait for the transport.
/// </remarks>
internal sealed class FrameSender : IDisposable, IThreadPoolWorkItem
{
    private const int HighWater = 256 * 1024;

    // A stream's turn when others wait too.
    private const int TurnSize = 16 * 1024;

    // What an idle connection keeps.
    private const int IdleSize = 16 * 1024;

    private readonly Stream _transport;
    private readonly Http2Connection _connection;
    private readonly Http2Options _options;
    private readonly StreamTable _streams;
    private readonly OutputBuffer _headerBlock = new();
    private readonly FrameWriter _writer;
    private readonly LinkedList<Http2Stream> _scheduled = new();

    // In line for the connection's window, apart from the others: a flush must not walk past all of them while it is closed.
    private readonly LinkedList<Http2Stream> _awaitingWindow = new();

    // How many of the scheduled streams are not open yet: their HEADERS have not left.
    private int _unopened;
    private OutputBuffer _filling = new();
    private OutputBuffer _writing = new();
    private SendWindow _window = new(Http2Settings.DefaultWindow);
    private int _controlBytes;
    private long _streamFrames;

    // The highest stream whose HEADERS are in the output, and the highest of which the transport has got them. Streams open in the order of their numbers.
    private int _lastIdWritten;
    private int _lastIdHanded;
    private bool _windowsTurn;
    private bool _pumping;

    // Whether anything has come from the peer since the last write began.
    private bool _heard;
    private TaskCompletionSource? _idle;
    private bool _closed;

    public FrameSender(Http2Connection connection, Stream transport, Http2Options options, StreamTable streams)
    {
        _connection = connection;
        _transport = transport;
        _options = options;
        _streams = streams;
        _writer = new FrameWriter(_headerBlock);
    }

    /// <summary>The connection's one lock: it guards the output, the windows, the stream table and the states of all streams.</summary>
    public Lock Gate { get; } = new();

    /// <summary>What the peer has told us. Guarded by the gate.</summary>
    public Http2Settings PeerSettings { get; } = new();

    /// <summary>The peer has made us queue more control frames than it reads (RFC 9113 section 10.5): the read loop ends the connection.</summary>
    public bool IsOverrun => _controlBytes > _options.MaxQueuedControlBytes;

    /// <summary>Moves as much of the stream's outbox into the output as windows and fairness allow; the rest is scheduled.</summary>
    public void Drain(Http2Stream stream)
    {
        Debug.Assert(Gate.IsHeldByCurrentThread);

        // RFC 9113 section 5.1.1: streams open in the order of their numbers, so a new one stands in line behind those that wait for room.
        if (_unopened > 0 && IsUnopened(stream))
            Schedule(stream);
        else
            Drain(stream, turn: OthersWait ? 0 : int.MaxValue);
    }

    /// <summary>Gives the stream its turn, if it has something to send.</summary>
    public void Schedule(Http2Stream stream)
    {
        Debug.Assert(Gate.IsHeldByCurrentThread);
        if (stream.IsScheduled || stream.Outbox.IsEmpty || stream.Id == 0)
            return;

        Stand(stream, _scheduled);
        if (IsUnopened(stream))
            _unopened++;
    }

    /// <summary>Takes a stream out of the line: it is its turn, or it is over. A peer that does not read could make those pile up.</summary>
    public void Unschedule(Http2Stream stream)
    {
        Debug.Assert(Gate.IsHeldByCurrentThread);
        if (!stream.IsScheduled)
            return;

        stream.Turn!.List!.Remove(stream.Turn);
        if (IsUnopened(stream))
            _unopened--;
    }

    /// <summary>Whether the HEADERS of a stream of ours are in the output, and will never leave it.</summary>
    public bool HasKept(Http2Stream stream)
    {
        Debug.Assert(Gate.IsHeldByCurrentThread);
        return _closed && stream.Id > _lastIdHanded;
    }

    /// <summary>How many HEADERS and DATA frames have been sent: what a peer may answer.</summary>
    public long CountStreamFrames()
    {
        lock (Gate)
            return _streamFrames;
    }

    public bool TryCredit(int increment)
    {
        Debug.Assert(Gate.IsHeldByCurrentThread);
        return _window.TryCredit(increment);
    }

    public void WritePreface(Http2Role role)
    {
        Debug.Assert(Gate.IsHeldByCurrentThread);
        if (role == Http2Role.Client)
            _filling.Write(FrameWriter.Preface);
        FrameWriter.WriteOwnSettings(_filling, _options, role);
        if (_options.ConnectionWindow > Http2Settings.DefaultWindow)
            FrameWriter.WriteWindowUpdate(_filling, 0, _options.ConnectionWindow - Http2Settings.DefaultWindow);
    }

    public void WriteSettingsAck() => WriteControl(static (output, _) => FrameWriter.WriteSettingsAck(output), 0L);

    public void WritePing(long opaqueData) => WritePing(opaqueData, ack: false);

    public void WritePingAck(long opaqueData) => WritePing(opaqueData, ack: true);

    public void WriteWindowUpdate(int streamId, int increment) => WriteControl(
        static (output, args) => FrameWriter.WriteWindowUpdate(output, args.streamId, args.increment), (streamId, increment));

    public void WriteReset(int streamId, Http2ErrorCode errorCode) => WriteControl(
        static (output, args) => FrameWriter.WriteReset(output, args.streamId, args.errorCode), (streamId, errorCode));

    public void WriteGoAway(int lastStreamId, Http2ErrorCode errorCode, string debugData)
    {
        Debug.Assert(Gate.IsHeldByCurrentThread);
        FrameWriter.WriteGoAway(_filling, lastStreamId, errorCode, debugData);
    }

    public void ApplyHeaderTableSize(int size)
    {
        Debug.Assert(Gate.IsHeldByCurrentThread);
        _writer.SetMaxDynamicTableSize(size);
    }

    /// <summary>Something has come from the peer: what is sent next may be what it waits for.</summary>
    public void NoteHeard()
    {
        lock (Gate)
            _heard = true;
    }

    /// <summary>
    /// Starts a write if none is under way and there is something to write. Called without the gate. In a conversation the caller writes by itself, at
    /// once. Who sends again before the peer has said a word is streaming, or one of many: its frame goes to the pool, and takes with it what follows
    /// meanwhile.
    /// </summary>
    public void Flush()
    {
        bool atOnce;
        lock (Gate)
        {
            if (_pumping || _closed || (_filling.Length == 0 && !OthersWait))
                return;

            _pumping = true;
            atOnce = _heard;
            _heard = false;
        }

        // Owned by WhenIdleAsync, which the connection awaits before it ends; it never faults.
        if (atOnce)
            _ = PumpAsync();
        else
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => _ = PumpAsync();

    /// <summary>Ends when no write is under way.</summary>
    public Task WhenIdleAsync()
    {
        lock (Gate)
            return _pumping ? (_idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task : Task.CompletedTask;
    }

    /// <summary>The streams are over: what they still had to send does not leave any more.</summary>
    public void DropScheduled()
    {
        Debug.Assert(Gate.IsHeldByCurrentThread);
        _scheduled.Clear();
        _awaitingWindow.Clear();
        _unopened = 0;
    }

    /// <summary>Takes nothing more; what is being written is left to end by itself or by the end of the transport.</summary>
    public void Close()
    {
        Debug.Assert(Gate.IsHeldByCurrentThread);
        _closed = true;
    }

    /// <summary>Gives the buffers back, once closed and idle.</summary>
    public void Dispose()
    {
        _filling.Dispose();
        _writing.Dispose();
        _headerBlock.Dispose();
    }

    private async Task PumpAsync()
    {
        try
        {
            for (var batch = 0; TryTakeBatch(); batch++)
            {
                // The first batch is the caller's own; what others append meanwhile is not its business.
                if (batch == 1)
                    await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

                await _transport.WriteAsync(_writing.Written, CancellationToken.None).ConfigureAwait(false);
                _writing.Clear();
            }
        }
        catch (Exception exception)
        {
            _connection.OnTransportFailed(exception);
            lock (Gate)
            {
                // A transport that has refused one write gets no other: what has not been handed to it has not been sent.
                _closed = true;
                EndPump();
            }
        }
    }

    private bool TryTakeBatch()
    {
        lock (Gate)
        {
            // Each turn moves something, or the stream leaves this line.
            while (_filling.Length < HighWater && Next() is { } stream)
            {
                Unschedule(stream);
                Drain(stream, OthersWait ? TurnSize : int.MaxValue);
            }

            if (_filling.Length == 0 || _closed)
            {
                Trim(_filling);
                Trim(_writing);
                EndPump();
                return false;
            }

            (_filling, _writing) = (_writing, _filling);
            _lastIdHanded = _lastIdWritten;
            _controlBytes = 0;
            return true;
        }
    }

    private void EndPump()
    {
        Debug.Assert(Gate.IsHeldByCurrentThread);
        _pumping = false;
        _idle?.TrySetResult();
        _idle = null;
    }

    // Whether a stream has a turn coming that it could use now.
    private bool OthersWait => _scheduled.Count > 0 || (_awaitingWindow.Count > 0 && _window.Available > 0);

    // Both lines in turns, as long as the connection's window lets the second move.
    private Http2Stream? Next()
    {
        _windowsTurn = !_windowsTurn;
        var line = _awaitingWindow.Count > 0 && _window.Available > 0 && (_windowsTurn || _scheduled.Count == 0) ? _awaitingWindow : _scheduled;
        return line.First?.Value;
    }

    private static void Stand(Http2Stream stream, LinkedList<Http2Stream> line) =>
        line.AddLast(stream.Turn ??= new LinkedListNode<Http2Stream>(stream));

    private static bool IsUnopened(Http2Stream stream) => stream.State.Phase == StreamPhase.Idle;

    private static void Trim(OutputBuffer buffer)
    {
        if (buffer.Capacity > IdleSize)
            buffer.Dispose();
    }

    // Headers, trailers and the end need no window and wait for nobody's turn, only for room.
    private void Drain(Http2Stream stream, int turn)
    {
        if (stream.IsScheduled || stream.Id == 0)
            return;

        if (_filling.Length >= HighWater)
        {
            Schedule(stream);
            return;
        }

        ref var outbox = ref stream.Outbox;
        if (outbox.Headers is { } headers)
        {
            outbox.Headers = null;
            var last = outbox is { Message: null, Trailers: null, EndStream: true };
            _writer.WriteHeaders(_filling, stream.Id, headers, last, MaxFrameSize);
            _lastIdWritten = Math.Max(_lastIdWritten, stream.Id);
            _streamFrames++;
            stream.State.TrySendHeaders(endStream: false);
            if (last)
            {
                EndStreamSent(stream);
                return;
            }
        }

        if (outbox.Message is not null && !DrainMessage(stream, turn))
            return;

        if (outbox.Trailers is { } trailers)
        {
            outbox.Trailers = null;
            _writer.WriteHeaders(_filling, stream.Id, trailers, endStream: true, MaxFrameSize);
            _streamFrames++;
            EndStreamSent(stream);
        }
        else if (outbox.EndStream)
        {
            FrameWriter.WriteData(_filling, stream.Id, [], endStream: true);
            EndStreamSent(stream);
        }
    }

    // Answers whether the whole message is in the output.
    private bool DrainMessage(Http2Stream stream, int turn)
    {
        ref var outbox = ref stream.Outbox;
        var message = outbox.Message!;
        var endsStream = outbox is { EndStream: true, Trailers: null };
        while (outbox.MessageOffset < message.Length)
        {
            if (stream.SendWindow.Available <= 0)
                return false;

            if (_window.Available <= 0)
            {
                Stand(stream, _awaitingWindow);
                return false;
            }

            if (turn <= 0 || _filling.Length >= HighWater)
            {
                Schedule(stream);
                return false;
            }

            var size = Math.Min(message.Length - outbox.MessageOffset, Math.Min(MaxFrameSize, turn));
            size = Math.Min(size, Math.Min(stream.SendWindow.Available, _window.Available));
            stream.SendWindow.Consume(size);
            _window.Consume(size);
            var last = endsStream && outbox.MessageOffset + size == message.Length;
            FrameWriter.WriteData(_filling, stream.Id, message.Written.Span.Slice(outbox.MessageOffset, size), last);
            _streamFrames++;
            outbox.MessageOffset += size;
            turn -= size;
        }

        // An empty message has no frame that could carry the end: Drain writes one.
        endsStream &= message.Length > 0;
        message.Dispose();
        outbox.Message = null;
        outbox.MessageOffset = 0;
        outbox.MessageSent?.TrySetResult();
        outbox.MessageSent = null;
        if (endsStream)
            EndStreamSent(stream);
        return true;
    }

    private void EndStreamSent(Http2Stream stream)
    {
        stream.Outbox.EndStream = false;
        _connection.OnEndStreamSent(stream);
    }

    private int MaxFrameSize => Math.Min(PeerSettings.MaxFrameSize, _options.MaxFrameSize);

    private void WritePing(long opaqueData, bool ack) => WriteControl(
        static (output, ping) =>
        {
            Span<byte> bytes = stackalloc byte[sizeof(long)];
            System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, ping.opaqueData);
            FrameWriter.WritePing(output, bytes, ping.ack);
        },
        (opaqueData, ack));

    private void WriteControl<TArgs>(Action<OutputBuffer, TArgs> write, TArgs args)
    {
        Debug.Assert(Gate.IsHeldByCurrentThread);
        var before = _filling.Length;
        write(_filling, args);
        _controlBytes += _filling.Length - before;
    }
}
