namespace Plugwire.Wire.Http2;

/// <summary>Why a stream was reset or a connection ended: the codes of RST_STREAM and GOAWAY (RFC 9113 section 7).</summary>
/// <remarks>
/// A peer may send any 32-bit value. One that is not named here has no special meaning and is treated as <see cref="InternalError"/>.
/// </remarks>
internal enum Http2ErrorCode : uint
{
    /// <summary>NO_ERROR: not an error. A GOAWAY with it announces an orderly end.</summary>
    NoError = 0x0,

    /// <summary>PROTOCOL_ERROR: the peer broke the protocol, and no other code says how.</summary>
    ProtocolError = 0x1,

    /// <summary>INTERNAL_ERROR: this side failed in a way it did not expect.</summary>
    InternalError = 0x2,

    /// <summary>FLOW_CONTROL_ERROR: the peer sent more than it was granted, or a window passed 2^31-1.</summary>
    FlowControlError = 0x3,

    /// <summary>SETTINGS_TIMEOUT: the peer did not acknowledge a SETTINGS frame in time.</summary>
    SettingsTimeout = 0x4,

    /// <summary>STREAM_CLOSED: a frame came for a stream that the peer had ended before.</summary>
    StreamClosed = 0x5,

    /// <summary>FRAME_SIZE_ERROR: a frame was longer than allowed, or not of the length its type has.</summary>
    FrameSizeError = 0x6,

    /// <summary>REFUSED_STREAM: refused before any work was done for it, so that it is safe to try again.</summary>
    RefusedStream = 0x7,

    /// <summary>CANCEL: the stream is no longer wanted.</summary>
    Cancel = 0x8,

    /// <summary>COMPRESSION_ERROR: the header compression state could not be kept, so that the connection must end.</summary>
    CompressionError = 0x9,

    /// <summary>CONNECT_ERROR: the connection made by a CONNECT request was reset or closed abnormally.</summary>
    ConnectError = 0xa,

    /// <summary>ENHANCE_YOUR_CALM: the peer causes more load than this side is ready to bear.</summary>
    EnhanceYourCalm = 0xb,

    /// <summary>INADEQUATE_SECURITY: the transport does not reach the security that is asked for.</summary>
    InadequateSecurity = 0xc,

    /// <summary>HTTP_1_1_REQUIRED: the peer wants HTTP/1.1 for this request.</summary>
    Http11Required = 0xd,
}
