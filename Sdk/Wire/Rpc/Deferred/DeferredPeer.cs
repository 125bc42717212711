using Grpc.Core;

namespace Plugwire.Wire.Rpc.Deferred;

/// <summary>A peer that may not be there yet: a plugin that its first caller starts, a host that has yet to connect.</summary>
/// <param name="ready">The peer's calls when it is there; null when it must be waited for. Asked by each call.</param>
/// <param name="wait">Waits for it. The token ends the waiting. An <see cref="RpcException"/> ends the call as it is, any other with <see cref="StatusCode.Unavailable"/>.</param>
/// <param name="meanwhile">What goes on until it is there, for people: "its plugin was starting".</param>
/// <param name="timeProvider">The clock of the calls' deadlines.</param>
internal sealed class DeferredPeer(
    Func<CallInvoker?> ready, Func<CancellationToken, Task<CallInvoker>> wait, string meanwhile, TimeProvider timeProvider)
{
    // A timer takes no more; a deadline further off than that is none as far as such a wait is concerned.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(int.MaxValue);

    public CallInvoker? Ready => ready();

    /// <summary>Waits as a call does: until the peer is there, the call is cancelled, or its deadline has passed.</summary>
    /// <exception cref="RpcException">The call ends here: cancelled, too late, or the peer does not come.</exception>
    public async Task<CallInvoker> WaitAsync(DateTime? deadline, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Timeout.InfiniteTimeSpan, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        if (deadline is { } end)
            CancelAt(late, end);
        try
        {
            return await wait(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Cancelled, $"The call was cancelled while {meanwhile}."));
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, $"The call's deadline passed while {meanwhile}."));
        }
        catch (Exception failure) when (failure is not RpcException)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, failure.Message, failure));
        }
    }

    private void CancelAt(CancellationTokenSource late, DateTime deadline)
    {
        var left = deadline.ToUniversalTime() - timeProvider.GetUtcNow().UtcDateTime;
        if (left <= TimeSpan.Zero)
            late.Cancel();
        else if (left <= LongestTimer)
            late.CancelAfter(left);
    }
}
