namespace Plugwire.Wire.Http2;

/// <summary>The flags of RFC 9113 section 6; what a bit means depends on the frame's type.</summary>
[Flags]
internal enum FrameFlags : byte
{
    None = 0,

    /// <summary>On DATA and HEADERS.</summary>
    EndStream = 0x1,

    /// <summary>On SETTINGS and PING.</summary>
    Ack = EndStream,

    /// <summary>On HEADERS and CONTINUATION.</summary>
    EndHeaders = 0x4,

    /// <summary>On DATA and HEADERS.</summary>
    Padded = 0x8,

    /// <summary>On HEADERS.</summary>
    Priority = 0x20,
}
