using System.Diagnostics;

namespace Plugwire.Wire.Http2;

// What goes out: streams of ours opened, or waiting for the peer's limit; messages, resets and window updates.
internal sealed partial class Http2Connection
{
    /// <summary>Writes what has been appended, if nobody is writing yet.</summary>
    internal void Flush() => _sender.Flush();

    internal void NoteHeard()
    {
        _keepAlive?.NoteHeard();
        _sender.NoteHeard();
    }

    /// <inheritdoc cref="Http2Stream.TrySend"/>
    internal bool TrySend(
        Http2Stream stream, OutgoingHeaders? headers, OutputBuffer? message, OutgoingHeaders? trailers, bool endStream, out Task sent)
    {
        var waiting = 0;
        sent = Task.CompletedTask;
        lock (_sender.Gate)
        {
            if (_loss is not null && !_streamsTold && stream is { Id: 0, IsOver: false, WaitingNode: null })
            {
                // Too late to be sent, in time to hear why, together with the streams that are open.
                message?.Dispose();
                _streams.Wait(stream);
                return true;
            }

            if (_loss is not null || stream.IsClosed || stream.State.Phase == StreamPhase.HalfClosedLocal ||
                !TryFill(ref stream.Outbox, headers, message, trailers, endStream))
            {
                message?.Dispose();
                return false;
            }

            if (stream.Id == 0 && stream.WaitingNode is null && !TryOpenOrWait(stream, out waiting))
            {
                End(stream);
                return false;
            }

            _sender.Drain(stream);
            if (stream.Outbox.Message is not null)
                sent = (stream.Outbox.MessageSent ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        if (waiting > 0)
            Log.WaitingForStream(_options.Logger, _sender.PeerSettings.MaxConcurrentStreams, waiting);
        Flush();
        return true;
    }

    /// <inheritdoc cref="Http2Stream.Reset"/>
    internal void Reset(Http2Stream stream, Http2ErrorCode errorCode)
    {
        lock (_sender.Gate)
        {
            if (stream.IsClosed)
                return;

            // On a connection that ends there is nobody to tell, but what of the stream has not left must not leave now.
            if (_loss is not null)
                End(stream);
            else
                ResetUnderGate(stream, errorCode);
        }

        Flush();
    }

    /// <inheritdoc cref="Http2Stream.Release"/>
    internal void Release(Http2Stream stream, int count)
    {
        lock (_sender.Gate)
        {
            if (stream.IsClosed || _loss is not null)
                return;

            if (stream.ReceiveWindow.Release(count) is > 0 and var increment)
                _sender.WriteWindowUpdate(stream.Id, increment);
        }

        Flush();
    }

    /// <inheritdoc cref="Http2Stream.AllowMessage"/>
    internal void AllowMessage(Http2Stream stream, int unreleased, int length)
    {
        lock (_sender.Gate)
        {
            if (stream.IsClosed || _loss is not null)
                return;

            // One byte more than the message: a peer without any credit may not even look whether its message was the last (nghttp2 does not), and so never ends the stream.
            var increment = stream.ReceiveWindow.Release(unreleased) + stream.ReceiveWindow.MakeRoom(Math.Min(length, int.MaxValue - 1) + 1);
            if (increment > 0)
                _sender.WriteWindowUpdate(stream.Id, increment);
        }

        Flush();
    }

    /// <summary>END_STREAM of ours is in the output.</summary>
    internal void OnEndStreamSent(Http2Stream stream)
    {
        Debug.Assert(_sender.Gate.IsHeldByCurrentThread);
        stream.State.TrySendData(endStream: true);

        // RFC 9113 section 8.1: a server that has answered in full and wants no more of the request says so.
        if (_role == Http2Role.Server && !stream.IsClosed)
            ResetUnderGate(stream, Http2ErrorCode.NoError);
        else if (stream.IsClosed)
            Remove(stream);
    }

    /// <inheritdoc cref="Http2Stream.MayBeKnownToPeer"/>
    internal bool MayBeKnownToPeer(Http2Stream stream)
    {
        lock (_sender.Gate)
            return stream.State.Phase != StreamPhase.Idle && !_sender.HasKept(stream);
    }

    /// <inheritdoc cref="Http2Stream.WasLost"/>
    internal bool WasLost(Http2Stream stream)
    {
        lock (_sender.Gate)
            return _loss is not null && !stream.State.IsClosed;
    }

    private static bool TryFill(ref Outbox outbox, OutgoingHeaders? headers, OutputBuffer? message, OutgoingHeaders? trailers, bool endStream)
    {
        if (outbox.EndStream)
            return false;

        if (message is not null && outbox.Message is not null)
        {
            message.Dispose();
            throw new InvalidOperationException("The previous write on this stream has not ended: await each write before the next.");
        }

        outbox.Headers ??= headers;
        outbox.Message ??= message;
        outbox.Trailers = trailers;
        outbox.EndStream = endStream || trailers is not null;
        return true;
    }

    private bool TryOpenOrWait(Http2Stream stream, out int waiting)
    {
        waiting = 0;
        if (IsDraining)
            return false;

        if (_streams.Count < _sender.PeerSettings.MaxConcurrentStreams)
            return TryOpen(stream);

        if (_streams.WaitingCount >= _options.MaxWaitingStreams)
            return false;

        _streams.Wait(stream);
        waiting = _streams.WaitingCount;
        return true;
    }

    private bool TryOpen(Http2Stream stream)
    {
        stream.SendWindow = new SendWindow(_sender.PeerSettings.InitialWindowSize);
        stream.ReceiveWindow = new ReceiveWindow(_options.StreamWindow);
        if (!_streams.TryOpen(stream))
            return false;

        // RFC 9113 section 5.1.1: numbers are not used again. Who wants to go on needs a new connection.
        if (!_streams.HasLocalIds && !IsDraining)
        {
            _refusal = new ConnectionLoss("All stream numbers of this connection have been used.", Http2ErrorCode.NoError, NotProcessed: true);
            _ = CloseWhenDrainedAsync(_refusal);
        }

        return true;
    }

    private void OpenWaiting()
    {
        while (!IsDraining && _loss is null && _streams.Count < _sender.PeerSettings.MaxConcurrentStreams && _streams.TryTakeWaiting(out var stream))
        {
            if (TryOpen(stream))
                _sender.Drain(stream);
            else
                End(stream);
        }
    }

    private void ResetUnderGate(Http2Stream stream, Http2ErrorCode errorCode)
    {
        End(stream);

        // A stream whose HEADERS have not left does not exist for the peer, and there is nothing to reset.
        if (stream.State.TrySendReset())
            WriteReset(stream.Id, errorCode);
        Remove(stream);
    }

    // The stream sends and receives nothing more.
    private void End(Http2Stream stream)
    {
        stream.IsOver = true;
        stream.Outbox.Drop();
        _sender.Unschedule(stream);
        _streams.GiveUpWaiting(stream);
    }

    private void Remove(Http2Stream stream)
    {
        Debug.Assert(_sender.Gate.IsHeldByCurrentThread);
        if (stream.Id != 0)
            _streams.Remove(stream);
        OpenWaiting();
        NoteDrained();
    }

    private void NoteDrained()
    {
        if (IsDraining && !_takesLastStreams && _streams.Count == 0)
            _drained.TrySetResult();
    }

    private List<Http2Stream> TakeWaiting()
    {
        var waiting = new List<Http2Stream>();
        while (_streams.TryTakeWaiting(out var stream))
        {
            End(stream);
            waiting.Add(stream);
        }

        return waiting;
    }
}
