using Plugwire.Wire.Http2.Hpack;

namespace Plugwire.Wire.Http2;

/// <summary>
/// Makes the stream that a client has opened, from its request's header list, which is valid during the call only. Called by the
/// read loop: it must neither block nor run a user's code.
/// </summary>
/// <returns>The stream, which is told the same header list once the connection knows it; null to refuse it.</returns>
internal delegate Http2Stream? StreamAcceptor(Http2Connection connection, HeaderList request);
