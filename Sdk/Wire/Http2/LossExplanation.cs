namespace Plugwire.Wire.Http2;

/// <summary>
/// What somebody says of a connection's end who knows more of the peer than the connection does. Whoever knows more than a sentence derives from it, and finds his own
/// again where a call fails.
/// </summary>
/// <param name="Reason">A sentence for people, which names the peer.</param>
internal record LossExplanation(string Reason);
