using Grpc.Core;

namespace Plugwire.Calling;

/// <summary>What a caller's context says to gRPC.</summary>
internal static class OutgoingOptions
{
    /// <param name="call">The caller's context.</param>
    /// <param name="timeProvider">By which a timeout, which begins now, becomes a deadline.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static CallOptions Create(in CallContext call, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var headers = call.Handled is { } handled ? TraceHeaders.Forward(call.OwnHeaders, handled.Server!.RequestHeaders) : call.OwnHeaders;
        var options = new CallOptions(headers, Deadline(call, timeProvider), cancellationToken);
        return call.WaitForReady ? options.WithWaitForReady() : options;
    }

    private static DateTime? Deadline(in CallContext call, TimeProvider timeProvider)
    {
        var deadline = call.Deadline;
        if (call.Timeout is not { } timeout)
            return deadline;

        var now = timeProvider.GetUtcNow().UtcDateTime;
        var end = timeout < DateTime.MaxValue - now ? now + timeout : DateTime.MaxValue;
        return deadline < end ? deadline : end;
    }
}
