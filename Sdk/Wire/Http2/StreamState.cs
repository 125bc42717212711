namespace Plugwire.Wire.Http2;

/// <summary>
/// The life of one stream (RFC 9113 section 5.1), seen from one side. It knows neither who is client nor whether headers make sense:
/// only whether a frame may be sent or come now. Not thread-safe.
/// </summary>
//                            +------+
//                            | Idle |
//                            +------+
//                                | HEADERS sent or received
//                                v
//          END_STREAM sent   +------+   END_STREAM received
//          +-----------------| Open |-----------------+
//          |                 +------+                 |
//          v                     |                    v
//  +-----------------+           |           +------------------+
//  | HalfClosedLocal |           |           | HalfClosedRemote |
//  +-----------------+           |           +------------------+
//     |         |                |                |         |
//     |         +------ RST_STREAM sent / received ---------+
//     |                          |                          |
//     | END_STREAM received      |                          | END_STREAM sent
//     v                          v                          v
//  +-------+        +-----------+ +---------------+     +-------+
//  | Ended |        | ResetSent | | ResetReceived |     | Ended |
//  +-------+        +-----------+ +---------------+     +-------+
//
// Ended, ResetSent and ResetReceived are all "closed". How it came about decides about frames that still come: after our own
// RST_STREAM the peer may not have known, so they are dropped; after its own END_STREAM or RST_STREAM it knew.
// The two reserved states are absent: PUSH_PROMISE alone leads there, and both sides disable push.
internal struct StreamState
{
    public StreamPhase Phase { get; private set; }

    /// <summary>Whether this side may still send HEADERS and DATA.</summary>
    public readonly bool CanSend => Phase is StreamPhase.Open or StreamPhase.HalfClosedRemote;

    /// <summary>Whether HEADERS and DATA may still come.</summary>
    public readonly bool CanReceive => Phase is StreamPhase.Open or StreamPhase.HalfClosedLocal;

    public readonly bool IsClosed => Phase >= StreamPhase.Ended;

    /// <summary>Sends HEADERS. False, and nothing changes, when they may not be sent (any more): the frame must be dropped.</summary>
    public bool TrySendHeaders(bool endStream)
    {
        if (Phase == StreamPhase.Idle) Phase = StreamPhase.Open;
        return TrySendData(endStream);
    }

    /// <summary>Sends DATA. False, and nothing changes, when it may not be sent (any more): the frame must be dropped.</summary>
    public bool TrySendData(bool endStream)
    {
        if (!CanSend) return false;
        if (endStream) Phase = Phase == StreamPhase.Open ? StreamPhase.HalfClosedLocal : StreamPhase.Ended;
        return true;
    }

    /// <summary>Sends RST_STREAM. False, and nothing changes, when there is nothing to reset: not begun, or closed already.</summary>
    public bool TrySendReset()
    {
        if (Phase == StreamPhase.Idle || IsClosed) return false;
        Phase = StreamPhase.ResetSent;
        return true;
    }

    /// <summary>HEADERS came. On an idle stream they open it: whether this peer may open it is the connection's question.</summary>
    public StreamVerdict ReceiveHeaders(bool endStream)
    {
        if (Phase == StreamPhase.Idle) Phase = StreamPhase.Open;
        return ReceiveData(endStream);
    }

    /// <summary>DATA came. Whatever the verdict, it counts against the connection's window.</summary>
    public StreamVerdict ReceiveData(bool endStream)
    {
        if (CanReceive)
        {
            if (endStream) Phase = Phase == StreamPhase.Open ? StreamPhase.HalfClosedRemote : StreamPhase.Ended;
            return StreamVerdict.Ok;
        }

        return Phase switch
        {
            StreamPhase.Idle => StreamVerdict.ConnectionError(Http2ErrorCode.ProtocolError),
            StreamPhase.ResetSent => StreamVerdict.Ignore,
            StreamPhase.Ended => StreamVerdict.ConnectionError(Http2ErrorCode.StreamClosed),
            _ => StreamVerdict.StreamError(Http2ErrorCode.StreamClosed),
        };
    }

    /// <summary>RST_STREAM came. On a closed stream it is late, or crossed our own: nothing follows from it.</summary>
    public StreamVerdict ReceiveReset()
    {
        if (Phase == StreamPhase.Idle) return StreamVerdict.ConnectionError(Http2ErrorCode.ProtocolError);
        if (IsClosed) return StreamVerdict.Ignore;
        Phase = StreamPhase.ResetReceived;
        return StreamVerdict.Ok;
    }

    /// <summary>WINDOW_UPDATE came. It is of use only while this side may still send.</summary>
    public readonly StreamVerdict ReceiveWindowUpdate()
    {
        if (Phase == StreamPhase.Idle) return StreamVerdict.ConnectionError(Http2ErrorCode.ProtocolError);
        return CanSend ? StreamVerdict.Ok : StreamVerdict.Ignore;
    }
}

/// <summary>Where a stream stands. The values from <see cref="Ended"/> on are the ways of being closed.</summary>
internal enum StreamPhase : byte
{
    Idle,
    Open,

    /// <summary>This side has ended its half; the peer has not.</summary>
    HalfClosedLocal,

    /// <summary>The peer has ended its half; this side has not.</summary>
    HalfClosedRemote,

    /// <summary>Closed by END_STREAM from both sides.</summary>
    Ended,

    /// <summary>Closed by our RST_STREAM.</summary>
    ResetSent,

    /// <summary>Closed by the peer's RST_STREAM.</summary>
    ResetReceived,
}

/// <summary>What follows from a received frame.</summary>
/// <param name="Kind">Whom it concerns.</param>
/// <param name="ErrorCode">What to answer with, when it is an error; else <see cref="Http2ErrorCode.NoError"/>.</param>
internal readonly record struct StreamVerdict(StreamVerdictKind Kind, Http2ErrorCode ErrorCode)
{
    public static StreamVerdict Ok => default;
    public static StreamVerdict Ignore => new(StreamVerdictKind.Ignore, Http2ErrorCode.NoError);
    public static StreamVerdict StreamError(Http2ErrorCode code) => new(StreamVerdictKind.StreamError, code);
    public static StreamVerdict ConnectionError(Http2ErrorCode code) => new(StreamVerdictKind.ConnectionError, code);
}

internal enum StreamVerdictKind : byte
{
    /// <summary>The frame is to be processed.</summary>
    Ok,

    /// <summary>The frame is to be dropped, after what it does to the connection (flow control, header compression).</summary>
    Ignore,

    /// <summary>Answer with RST_STREAM; the connection goes on.</summary>
    StreamError,

    /// <summary>Answer with GOAWAY and end the connection.</summary>
    ConnectionError,
}
