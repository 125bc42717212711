using Grpc.Core;

namespace Plugwire.Wire.Rpc.Deferred;

/// <summary>A peer that may not be there yet: a plugin that its first caller starts, a host that has yet to connect.</summary>
/// <param name="timeProvider">The clock of the calls' deadlines.</param>
internal abstract class DeferredPeer(TimeProvider timeProvider)
{
    // A timer takes no more; a deadline further off than that is none as far as such a wait is concerned.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(int.MaxValue);

    /// <summary>The peer's calls when it is there; null when it must be waited for. Asked by each call.</summary>
    public abstract CallInvoker? Ready { get; }

    /// <summary>Waits as a call does: until the peer is there, the call is cancelled, or its deadline has passed.</summary>
    /// <param name="method">The call's.</param>
    /// <param name="deadline">The call's; null for none.</param>
    /// <param name="waitForReady">Whether the call has patience without end.</param>
    /// <param name="cancellationToken">The call's.</param>
    /// <exception cref="RpcException">The call ends here: cancelled, too late, or the peer does not come.</exception>
    public async Task<CallInvoker> WaitAsync(IMethod method, DateTime? deadline, bool waitForReady, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Timeout.InfiniteTimeSpan, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        if (deadline is { } end)
            CancelAt(late, end);
        try
        {
            return await ArriveAsync(waitForReady, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw Fail(method, StatusCode.Cancelled, cause: null);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            throw Fail(method, StatusCode.DeadlineExceeded, cause: null);
        }
        catch (Exception cause)
        {
            throw Fail(method, StatusCode.Unavailable, cause);
        }
    }

    /// <summary>Ends when the peer is there; faults when it does not come. The token ends the waiting, and nothing else.</summary>
    /// <param name="waitForReady">Whether who waits has patience as long as the peer may still come, rather than as long as is usual.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    protected abstract Task<CallInvoker> ArriveAsync(bool waitForReady, CancellationToken cancellationToken);

    /// <summary>What the caller is told of a call that never came to be.</summary>
    /// <param name="method">The call's.</param>
    /// <param name="end">Whether the call was cancelled, its deadline passed, or the peer did not come.</param>
    /// <param name="cause">Why the peer did not come; null in the other cases.</param>
    protected abstract RpcException Fail(IMethod method, StatusCode end, Exception? cause);

    private void CancelAt(CancellationTokenSource late, DateTime deadline)
    {
        var left = deadline.ToUniversalTime() - timeProvider.GetUtcNow().UtcDateTime;
        if (left <= TimeSpan.Zero)
            late.Cancel();
        else if (left <= LongestTimer)
            late.CancelAfter(left);
    }
}
