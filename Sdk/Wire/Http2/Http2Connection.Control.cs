using System.Buffers;
using System.Text;

namespace Plugwire.Wire.Http2;

// What comes in of the connection as a whole: settings, windows, pings, farewells. Called by the read loop alone; what concerns one
// stream is in Http2Connection.Receiving.cs.
internal sealed partial class Http2Connection
{
    private const int MaxDebugDataShown = 256;

    internal void ReceiveWindowUpdate(int streamId, int increment)
    {
        if (streamId == 0)
        {
            lock (_sender.Gate)
            {
                if (increment == 0)
                    throw new Http2ConnectionException(Http2ErrorCode.ProtocolError, "A WINDOW_UPDATE of the connection's window adds at least one byte.");
                if (!_sender.TryCredit(increment))
                    throw new Http2ConnectionException(Http2ErrorCode.FlowControlError, $"The connection's window is at most {int.MaxValue}: the peer added {increment}.");
            }

            return;
        }

        if (!TryFind(streamId, out var stream))
        {
            RefuseIdle(streamId, FrameType.WindowUpdate);
            return;
        }

        StreamFault? fault = null;
        lock (_sender.Gate)
        {
            if (increment == 0)
                fault = new StreamFault(Http2ErrorCode.ProtocolError, "A WINDOW_UPDATE adds at least one byte.");
            else if (!stream.SendWindow.TryCredit(increment))
                fault = new StreamFault(Http2ErrorCode.FlowControlError, $"A stream's window is at most {int.MaxValue}: the peer added {increment}.");
            else
                _sender.Drain(stream);
        }

        if (fault is not null)
            Fail(stream, fault);
    }

    internal void ReceiveSettings(ReadOnlySpan<byte> payload)
    {
        var first = !_ready.Task.IsCompleted;
        lock (_sender.Gate)
        {
            var settings = _sender.PeerSettings;
            var windowBefore = settings.InitialWindowSize;
            settings.Apply(payload, fromServer: _role == Http2Role.Client);
            _sender.ApplyHeaderTableSize(settings.LowestHeaderTableSize);
            _sender.ApplyHeaderTableSize(settings.HeaderTableSize);
            foreach (var stream in settings.InitialWindowSize == windowBefore ? [] : _streams.Open)
            {
                // RFC 9113 section 6.9.2: the change counts for open streams too, and may leave a window negative.
                if (!stream.SendWindow.TryAdjust(settings.InitialWindowSize - windowBefore))
                {
                    throw new Http2ConnectionException(
                        Http2ErrorCode.FlowControlError, $"SETTINGS_INITIAL_WINDOW_SIZE {settings.InitialWindowSize} lifts the window of stream {stream.Id} above {int.MaxValue}.");
                }

                _sender.Schedule(stream);
            }

            _sender.WriteSettingsAck();
            OpenWaiting();
        }

        if (first)
            _prefaceTimer.Change(_settingsAcknowledged ? Timeout.InfiniteTimeSpan : _options.SettingsTimeout, Timeout.InfiniteTimeSpan);
        _ready.TrySetResult();
    }

    internal void ReceiveSettingsAck()
    {
        _settingsAcknowledged = true;
        _prefaceTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    internal void ReceivePing(long opaqueData)
    {
        lock (_sender.Gate)
            _sender.WritePingAck(opaqueData);
    }

    internal void ReceivePingAck(long opaqueData)
    {
        if (opaqueData == LeavePing)
            CompleteLeave();
    }

    /// <summary>RFC 9113 section 6.8: the streams above <paramref name="lastStreamId"/> were never looked at; those below go on.</summary>
    internal void ReceiveGoAway(int lastStreamId, Http2ErrorCode errorCode, in ReadOnlySequence<byte> debugData)
    {
        var loss = errorCode == Http2ErrorCode.NoError ? Leave() : Complaint(errorCode, debugData);

        // A client says by it that we must not open streams, and we never do; its own it may still open.
        if (_role == Http2Role.Server)
            return;

        var refused = new List<Http2Stream>();
        lock (_sender.Gate)
        {
            _peerLeaves = errorCode == Http2ErrorCode.NoError;
            if (!IsDraining)
                _ = CloseWhenDrainedAsync(loss);

            _refusal = loss;
            refused.AddRange(TakeWaiting());
            refused.AddRange(_streams.Open.Where(stream => _streams.IsLocal(stream.Id) && stream.Id > lastStreamId));
            foreach (var stream in refused)
            {
                // Should the peer speak of it all the same, that is dropped.
                if (stream.Id != 0)
                    _streams.NoteReset(stream.Id);
                End(stream);
                Remove(stream);
            }

            NoteDrained();
        }

        Tell(refused, loss);
    }

    /// <summary>RFC 9113 section 10.5: a peer that makes us queue answers without end loses the connection.</summary>
    internal void RefuseOverrun()
    {
        if (_sender.IsOverrun)
        {
            throw new Http2ConnectionException(
                Http2ErrorCode.EnhanceYourCalm, $"The peer does not read our answers to its frames: more than {_options.MaxQueuedControlBytes} bytes of them wait.");
        }
    }

    // Out of patience with them. The peer still reads what they say now.
    private void CutOpenStreams()
    {
        List<Http2Stream> streams;
        lock (_sender.Gate)
            streams = [.. _streams.Open];

        foreach (var stream in streams)
        {
            try
            {
                stream.OnCut();
            }
            catch (Exception exception)
            {
                // The others, too, have something to say.
                Log.EndFailed(_options.Logger, exception);
            }
        }
    }

    // Asked once: a peer may say more than once that it leaves, and those who know why may know it at the first time only.
    private ConnectionLoss Leave()
    {
        lock (_sender.Gate)
        {
            if (_peerLeaves)
                return _refusal!;
        }

        return new ConnectionLoss("The peer is closing the connection and has not looked at this call.", Http2ErrorCode.NoError, NotProcessed: true)
            .As(_role == Http2Role.Client ? _options.ExplainLeave?.Invoke() : null);
    }

    private ConnectionLoss Complaint(Http2ErrorCode errorCode, in ReadOnlySequence<byte> debugData)
    {
        var reason = $"The peer ended the connection ({errorCode}: {Printable(debugData.Slice(0, Math.Min(debugData.Length, MaxDebugDataShown)))}).";
        Log.PeerComplains(_options.Logger, reason);
        return new ConnectionLoss(reason, errorCode, NotProcessed: true);
    }

    // The text is the peer's, and goes into logs and onto terminals.
    private static string Printable(in ReadOnlySequence<byte> debugData) =>
        string.Concat(Encoding.UTF8.GetString(debugData).Select(character => char.IsControl(character) ? '?' : character));
}
