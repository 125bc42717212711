using Grpc.Core;

namespace Plugwire.Hosting.FirstUse;

/// <summary>A plugin that is started by the first who needs it.</summary>
/// <param name="pluginName">The name of the plugin, for calls that never come to be.</param>
/// <param name="running">The calls of the plugin when it runs; null when it must be started.</param>
/// <param name="start">Starts it, or joins the start that goes on. The token ends the waiting, not the start.</param>
/// <param name="timeProvider">The clock of the calls' deadlines.</param>
internal sealed class DeferredStart(string pluginName, Func<CallInvoker?> running, Func<CancellationToken, Task<CallInvoker>> start, TimeProvider timeProvider)
{
    // A timer takes no more; a deadline further off than that is none as far as a start is concerned.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(int.MaxValue);

    public CallInvoker? Running => running();

    /// <summary>Waits as a call does: until the plugin runs, the call is cancelled, or its deadline has passed.</summary>
    /// <param name="method">The call's.</param>
    /// <param name="deadline">The call's; null for none.</param>
    /// <param name="cancellationToken">The call's.</param>
    /// <exception cref="PluginCallException">The call ends here: cancelled, too late, or the plugin does not start.</exception>
    public async Task<CallInvoker> WaitAsync(IMethod method, DateTime? deadline, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Timeout.InfiniteTimeSpan, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        if (deadline is { } end)
            CancelAt(late, end);
        try
        {
            return await start(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw Fail(method, PluginCallReason.Cancelled, new Status(StatusCode.Cancelled, "The call was cancelled while its plugin was starting."));
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            throw Fail(method, PluginCallReason.DeadlineExceeded, new Status(StatusCode.DeadlineExceeded, "The call's deadline passed while its plugin was starting."));
        }
        catch (Exception failure)
        {
            throw Fail(method, PluginCallReason.NotStarted, new Status(StatusCode.Unavailable, failure.Message, failure));
        }
    }

    private PluginCallException Fail(IMethod method, PluginCallReason reason, in Status status) => new(pluginName, method.FullName, status, reason);

    private void CancelAt(CancellationTokenSource late, DateTime deadline)
    {
        var left = deadline.ToUniversalTime() - timeProvider.GetUtcNow().UtcDateTime;
        if (left <= TimeSpan.Zero)
            late.Cancel();
        else if (left <= LongestTimer)
            late.CancelAfter(left);
    }
}
