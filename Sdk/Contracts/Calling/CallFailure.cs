using Grpc.Core;

namespace Plugwire.Calling;

/// <summary>Which of the things that went wrong with a call its caller is told.</summary>
internal static class CallFailure
{
    /// <param name="failure">What the call ended with; null if it ended well.</param>
    /// <param name="ofRequests">What the caller's own requests failed with.</param>
    /// <param name="tokens">By which the caller cancels.</param>
    public static Exception? Told(Exception? failure, Exception? ofRequests, in CallTokens tokens)
    {
        if (failure is null)
            return null;

        // The call was cancelled because the requests had failed, unless it has a status that says otherwise.
        if (ofRequests is not null && failure is not RpcException { StatusCode: not StatusCode.Cancelled })
            return ofRequests;
        return tokens.TryTranslate(failure, out var cancelled) ? cancelled : failure;
    }
}
