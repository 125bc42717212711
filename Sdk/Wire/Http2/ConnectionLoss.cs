namespace Plugwire.Wire.Http2;

/// <summary>Why a stream ended together with its connection.</summary>
/// <param name="Reason">A sentence for people.</param>
/// <param name="ErrorCode">The code of the GOAWAY that was sent or received; null when the transport just ended.</param>
/// <param name="Exception">What the transport threw, if it did.</param>
/// <param name="NotProcessed">The peer said that it has not looked at this stream and will not: the request may be sent again.</param>
/// <param name="Explanation">What is known of it beyond the connection; null when nothing is.</param>
internal sealed record ConnectionLoss(
    string Reason, Http2ErrorCode? ErrorCode = null, Exception? Exception = null, bool NotProcessed = false, LossExplanation? Explanation = null)
{
    /// <summary>The same loss, as somebody explains it; what is known of it already stays when <paramref name="explanation"/> is null.</summary>
    public ConnectionLoss As(LossExplanation? explanation) =>
        explanation is null ? this : this with { Reason = explanation.Reason, Explanation = explanation };
}
