namespace Plugwire.Calling;

/// <summary>Which of the things that went wrong with a call its caller is told.</summary>
internal static class CallFailure
{
    /// <param name="failure">What the call ended with; null if it ended well.</param>
    /// <param name="ofRequests">What the caller's own requests failed with, before the call had ended.</param>
    /// <param name="tokens">By which the caller cancels.</param>
    public static Exception? Told(Exception? failure, Exception? ofRequests, in CallTokens tokens)
    {
        if (failure is null)
            return null;

        // The call was ended because the requests had failed; a channel may say that in other ways than by Cancelled.
        if (ofRequests is not null)
            return ofRequests;
        return tokens.TryTranslate(failure, out var cancelled) ? cancelled : failure;
    }
}
