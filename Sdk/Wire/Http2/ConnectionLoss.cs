namespace Plugwire.Wire.Http2;

/// <summary>Why a stream ended together with its connection.</summary>
/// <param name="Reason">A sentence for people.</param>
/// <param name="ErrorCode">The code of the GOAWAY that was sent or received; null when the transport just ended.</param>
/// <param name="Exception">What the transport threw, if it did.</param>
/// <param name="NotProcessed">The peer said that it has not looked at this stream and will not: the request may be sent again.</param>
internal sealed record ConnectionLoss(
    string Reason, Http2ErrorCode? ErrorCode = null, Exception? Exception = null, bool NotProcessed = false);
