namespace Plugwire.Wire.Http2;

/// <summary>A write that waited for the peer's window was overtaken by the end of its stream; the stream's owner knows why it ended.</summary>
internal sealed class Http2StreamClosedException() : Exception("The HTTP/2 stream ended before the write was sent.");
