using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Plugwire.Wire.Http2.Hpack;

namespace Plugwire.Wire.Http2;

// What comes in, one method a frame. Called by the read loop alone. The gate is held for states and windows only, never while a stream
// is told: it may want to send at once.
internal sealed partial class Http2Connection
{
    internal void ReceiveHeaders(int streamId, HeaderList headers, bool endStream)
    {
        // Few bytes may stand for megabytes of fields, and all of them have to be looked at.
        if (headers.IsTooLarge)
            Allowance.Spend("a header list over the limit", FrameAllowance.Heaviest);

        if (TryFind(streamId, out var stream))
        {
            if (stream.HeadersReceived)
                ReceiveTrailers(stream, headers, endStream);
            else
                ReceiveResponse(stream, headers, endStream);
        }
        else if (_streams.IsLocal(streamId) || _acceptor is null)
        {
            RefuseIdle(streamId, FrameType.Headers);
            RefuseEnded(streamId, FrameType.Headers);
            lock (_sender.Gate)
                RefuseClosed(streamId);
        }
        else
        {
            ReceiveRequest(streamId, headers, endStream);
        }
    }

    internal void ReceiveData(int streamId, in ReadOnlySequence<byte> data, int frameLength, bool endStream)
    {
        Http2Stream? stream;
        StreamFault? fault;
        lock (_sender.Gate)
        {
            TakeFromConnectionWindow(frameLength);
            if (TryFindUnderGate(streamId, out stream))
            {
                fault = Take(stream, frameLength, padding: frameLength - (int)data.Length, endStream);
            }
            else
            {
                RefuseIdle(streamId, FrameType.Data);
                RefuseEnded(streamId, FrameType.Data);
                RefuseClosed(streamId);
                return;
            }
        }

        _told = stream;
        if (fault is not null)
        {
            stream.OnReset(fault.ErrorCode, fault.Reason);
            _told = null;
            Allowance.Spend("DATA that is an error of its stream", FrameAllowance.Heavy);
            return;
        }

        if (!data.IsEmpty)
            stream.OnData(data);
        if (endStream)
            stream.OnEndStream(trailers: null);
        _told = null;
    }

    internal void ReceiveReset(int streamId, Http2ErrorCode errorCode)
    {
        if (!TryFind(streamId, out var stream))
        {
            RefuseIdle(streamId, FrameType.RstStream);
            return;
        }

        lock (_sender.Gate)
        {
            stream.State.ReceiveReset();
            End(stream);
            Remove(stream);
        }

        _told = stream;
        stream.OnReset(errorCode, $"The peer reset the stream ({errorCode}).");
        _told = null;
    }

    internal void ReceiveStreamError(int streamId, Http2ErrorCode errorCode, string reason)
    {
        if (TryFind(streamId, out var stream))
        {
            Fail(stream, new StreamFault(errorCode, reason));
            return;
        }

        // RST_STREAM must not be sent on an idle stream.
        if (_streams.IsIdle(streamId))
            throw new Http2ConnectionException(errorCode, reason);

        lock (_sender.Gate)
            RefuseClosed(streamId, errorCode);
    }

    private void ReceiveRequest(int streamId, HeaderList headers, bool endStream)
    {
        if (!_streams.IsIdle(streamId))
        {
            // RFC 9113 section 5.1.1: each new stream has a higher number than all before it.
            if (_streams.WasSkipped(streamId))
                throw new Http2ConnectionException(Http2ErrorCode.ProtocolError, $"The peer opened stream {streamId} after stream {_streams.LastPeerId}.");

            RefuseEnded(streamId, FrameType.Headers);
            lock (_sender.Gate)
                RefuseClosed(streamId);
            return;
        }

        _streams.NotePeerId(streamId);
        var contentLength = ContentLength.Of(headers);
        if (HeaderRules.FindViolation(headers, HeaderKind.Request) is not null || !contentLength.Allows(0, endStream))
        {
            Allowance.Spend("a malformed request", FrameAllowance.Heavy);
            ResetUnknown(streamId, Http2ErrorCode.ProtocolError);
            return;
        }

        bool refuse;
        lock (_sender.Gate)
            refuse = TakesNoMoreStreams;
        var stream = refuse ? null : _acceptor!(this, headers);
        lock (_sender.Gate)
        {
            // Asked again: a shutdown that began meanwhile does not wait for this stream.
            if (stream is null || TakesNoMoreStreams)
            {
                Allowance.Spend("a request beyond what is taken");
                WriteReset(streamId, Http2ErrorCode.RefusedStream);
                return;
            }

            stream.SendWindow = new SendWindow(_sender.PeerSettings.InitialWindowSize);
            stream.ReceiveWindow = new ReceiveWindow(_options.StreamWindow);
            stream.HeadersReceived = true;
            stream.ContentLength = contentLength;
            stream.State.ReceiveHeaders(endStream);
            _streams.Accept(streamId, stream);
        }

        stream.OnHeaders(headers);
        if (endStream)
            stream.OnEndStream(trailers: null);
    }

    private const string OtherLength = "The peer sent another number of bytes than its content-length says.";

    private bool TakesNoMoreStreams => (IsDraining && !_takesLastStreams) || _loss is not null || _streams.Count >= _options.MaxConcurrentStreams;

    private void ReceiveResponse(Http2Stream stream, HeaderList headers, bool endStream)
    {
        if (HeaderRules.FindViolation(headers, HeaderKind.Response) is { } violation)
        {
            Fail(stream, new StreamFault(Http2ErrorCode.ProtocolError, violation));
            return;
        }

        if (HeaderRules.IsInformational(headers))
        {
            // RFC 9113 section 8.1: any number of them may come before the response, and none ends it.
            if (endStream)
                Fail(stream, new StreamFault(Http2ErrorCode.ProtocolError, "An informational response ended the stream."));
            return;
        }

        stream.HeadersReceived = true;
        stream.ContentLength = ContentLength.Of(headers);
        if (endStream && !stream.ContentLength.Allows(0, endStream))
            Fail(stream, new StreamFault(Http2ErrorCode.ProtocolError, OtherLength));
        else if (endStream)
            EndReceiving(stream, headers);
        else
            stream.OnHeaders(headers);
    }

    private void ReceiveTrailers(Http2Stream stream, HeaderList headers, bool endStream)
    {
        var violation = endStream
            ? HeaderRules.FindViolation(headers, HeaderKind.Trailers) ?? (stream.ContentLength.Allows(0, endStream) ? null : OtherLength)
            : "Trailers end the stream; the peer sent a header block in the middle of it.";
        if (violation is not null && CanReceive(stream))
            Fail(stream, new StreamFault(Http2ErrorCode.ProtocolError, violation));
        else
            EndReceiving(stream, headers);
    }

    private bool CanReceive(Http2Stream stream)
    {
        lock (_sender.Gate)
            return stream.State.CanReceive;
    }

    private void EndReceiving(Http2Stream stream, HeaderList trailers)
    {
        StreamFault? fault = null;
        lock (_sender.Gate)
        {
            // Reset by this side since it was found: what still comes is dropped.
            if (stream.IsClosed)
                return;

            fault = ToFault(stream.State.ReceiveHeaders(endStream: true));
            if (fault is not null)
                ResetUnderGate(stream, fault.ErrorCode);
            else if (stream.IsClosed)
                Remove(stream);
        }

        _told = stream;
        if (fault is null)
            stream.OnEndStream(trailers);
        else
            stream.OnReset(fault.ErrorCode, fault.Reason);
        _told = null;
    }

    // What the connection grants is given back when read, whoever the stream's reader is and however slow.
    private void TakeFromConnectionWindow(int length)
    {
        if (!_receiveWindow.TryReceive(length))
        {
            throw new Http2ConnectionException(
                Http2ErrorCode.FlowControlError, $"The peer sent more than the connection's window of {_options.ConnectionWindow} bytes allows.");
        }

        if (_receiveWindow.Release(length) is > 0 and var increment)
            _sender.WriteWindowUpdate(0, increment);
    }

    private StreamFault? Take(Http2Stream stream, int length, int padding, bool endStream)
    {
        var fault = !stream.HeadersReceived
            ? new StreamFault(Http2ErrorCode.ProtocolError, "The peer sent data before the response's headers.")
            : stream.State.CanReceive && !stream.ContentLength.Allows(length - padding, endStream)
            ? new StreamFault(Http2ErrorCode.ProtocolError, OtherLength)
            : ToFault(stream.State.ReceiveData(endStream));
        if (fault is null && !stream.ReceiveWindow.TryReceive(length))
            fault = new StreamFault(Http2ErrorCode.FlowControlError, "The peer sent more than the stream's window allows.");

        if (fault is not null)
            ResetUnderGate(stream, fault.ErrorCode);
        else if (stream.IsClosed)
            Remove(stream);
        else if (padding > 0 && stream.ReceiveWindow.ReturnPadding(padding) is > 0 and var increment)
            _sender.WriteWindowUpdate(stream.Id, increment);
        stream.ContentLength.Take(length - padding);
        return fault;
    }

    private static StreamFault? ToFault(StreamVerdict verdict) => verdict.Kind switch
    {
        StreamVerdictKind.ConnectionError =>
            throw new Http2ConnectionException(verdict.ErrorCode, "The peer sent a frame on a stream that it had ended, or that does not allow it."),
        StreamVerdictKind.StreamError => new StreamFault(verdict.ErrorCode, "The peer sent more after the end of its side of the stream."),
        _ => null,
    };

    private bool TryFind(int streamId, [NotNullWhen(true)] out Http2Stream? stream)
    {
        lock (_sender.Gate)
            return TryFindUnderGate(streamId, out stream);
    }

    private bool TryFindUnderGate(int streamId, [NotNullWhen(true)] out Http2Stream? stream)
    {
        if (!_streams.TryGet(streamId, out stream))
            return false;

        // It has its number, but its HEADERS wait for room in the output: to the peer it is idle.
        if (stream.State.Phase == StreamPhase.Idle)
            throw new Http2ConnectionException(Http2ErrorCode.ProtocolError, $"A frame came on stream {streamId} before we had opened it.");
        return true;
    }

    private void Fail(Http2Stream stream, StreamFault fault)
    {
        Debug.Assert(!_sender.Gate.IsHeldByCurrentThread, "A stream is told without the gate.");
        Allowance.Spend("a frame that is an error of its stream", FrameAllowance.Heavy);
        lock (_sender.Gate)
        {
            // Also when the connection is ending already: a stream that is told of its reset is not told of that.
            if (!stream.IsClosed)
                ResetUnderGate(stream, fault.ErrorCode);
        }

        _told = stream;
        stream.OnReset(fault.ErrorCode, fault.Reason);
        _told = null;
    }

    private void ResetUnknown(int streamId, Http2ErrorCode errorCode)
    {
        lock (_sender.Gate)
            WriteReset(streamId, errorCode);
    }

    // RFC 9113 section 5.1: after our own RST_STREAM the peer's frames are dropped, for it may not have known. A second reset with another code
    // would undo the first: after an early answer, NO_ERROR, it would make a client throw that answer away.
    private void RefuseClosed(int streamId, Http2ErrorCode errorCode = Http2ErrorCode.StreamClosed)
    {
        Debug.Assert(_sender.Gate.IsHeldByCurrentThread);
        if (_streams.WasReset(streamId))
            return;

        Allowance.Spend("a frame on a closed stream", FrameAllowance.Heavy);
        WriteReset(streamId, errorCode);
    }

    private void WriteReset(int streamId, Http2ErrorCode errorCode)
    {
        _streams.NoteReset(streamId);
        _sender.WriteReset(streamId, errorCode);
    }

    // RFC 9113 section 5.1: what comes on a stream that both sides had ended is from a peer that has lost count.
    private void RefuseEnded(int streamId, FrameType type)
    {
        lock (_sender.Gate)
        {
            if (_streams.WasEnded(streamId))
                throw new Http2ConnectionException(Http2ErrorCode.StreamClosed, $"{type} came on stream {streamId}, which both sides had ended.");
        }
    }

    // RFC 9113 section 5.1: on a stream that was never opened only HEADERS and PRIORITY may come.
    private void RefuseIdle(int streamId, FrameType type)
    {
        if (_streams.IsIdle(streamId))
            throw new Http2ConnectionException(Http2ErrorCode.ProtocolError, $"{type} came on stream {streamId}, which is not open.");
    }

    /// <summary>A stream error (RFC 9113 section 5.4.2): the stream ends, the connection goes on.</summary>
    private sealed record StreamFault(Http2ErrorCode ErrorCode, string Reason);
}
