using Grpc.Core;

namespace Plugwire;

/// <summary>Finds out why a call was cancelled. Plugwire's own server says so in the call's user state; of another one it is told from the deadline.</summary>
internal static class CancellationReason
{
    /// <summary>The key under which a server puts a function that answers how the call has ended, as a <see cref="StatusCode"/>; null while it has not.</summary>
    public const string Key = "plugwire.call.ended";

    // A deadline passes for the caller first, who then cancels: its way to here is what this side's clock is behind.
    private static readonly TimeSpan Ahead = TimeSpan.FromMilliseconds(250);

    public static CallCancellation Of(ServerCallContext context)
    {
        if (!context.CancellationToken.IsCancellationRequested)
            return CallCancellation.None;
        if (context.UserState.TryGetValue(Key, out var value) && value is Func<StatusCode?> ended)
        {
            return ended() switch
            {
                StatusCode.DeadlineExceeded => CallCancellation.Deadline,
                StatusCode.Aborted => CallCancellation.Stopping,
                StatusCode.Unavailable => CallCancellation.ConnectionLost,
                _ => CallCancellation.Caller,
            };
        }

        return context.Deadline - TimeProvider.System.GetUtcNow().UtcDateTime <= Ahead ? CallCancellation.Deadline : CallCancellation.Caller;
    }
}
