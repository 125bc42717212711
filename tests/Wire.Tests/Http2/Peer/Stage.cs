namespace Plugwire.Wire.Tests.Http2.Peer;

/// <summary>How far stream 1 has come when the peer sends what a case is about (RFC 9113 section 5.1).</summary>
internal enum Stage
{
    /// <summary>It has not been opened.</summary>
    Idle,

    /// <summary>The peer's header list has come, and neither side has ended.</summary>
    Open,

    /// <summary>A client's alone: the request has left, and nothing has come.</summary>
    Requested,

    /// <summary>A client's alone: its request has ended, the response has begun.</summary>
    HalfClosedLocal,

    /// <summary>The peer has ended, this side has not.</summary>
    HalfClosedRemote,

    /// <summary>Both sides have ended.</summary>
    Ended,

    /// <summary>The peer has reset it.</summary>
    ResetByPeer,

    /// <summary>This side has reset it, and the peer has seen that.</summary>
    ResetByUs,
}
