namespace Plugwire.Wire.Http2.Hpack;

/// <summary>A header block that breaks RFC 7541. The message is a sentence that names what was found and where.</summary>
/// <remarks>
/// After it the decoder's dynamic table is no longer in step with the peer's, so that the connection has to end with
/// <see cref="Http2ErrorCode.CompressionError"/>.
/// </remarks>
internal sealed class HpackException(string message) : Exception(message);
