using Grpc.Core;
using Plugwire.Hosting.Failures;
using Plugwire.Wire.Rpc.Deferred;

namespace Plugwire.Hosting.Supervising;

/// <summary>A plugin as its callers see it over all its launches: calls go to the one that runs, and those that wait for ready wait for the next.</summary>
internal sealed class SupervisedPeer(PluginSupervisor supervisor, TimeProvider timeProvider) : DeferredPeer(timeProvider)
{
    public override CallInvoker? Ready => supervisor.Callable?.Calls;

    protected override async Task<CallInvoker> ArriveAsync(bool waitForReady, CancellationToken cancellationToken) =>
        (await supervisor.WhenCallableAsync(waitForReady, cancellationToken).ConfigureAwait(false)).Calls;

    protected override RpcException Fail(IMethod method, StatusCode end, Exception? cause)
    {
        var status = (cause as PluginUnavailableException)?.Status ?? supervisor.Status;
        var (reason, text) = end switch
        {
            StatusCode.Cancelled => (PluginCallReason.Cancelled, "The call was cancelled while it waited for its plugin."),
            StatusCode.DeadlineExceeded => (PluginCallReason.DeadlineExceeded, "The call's deadline passed while it waited for its plugin."),
            _ => (status.State == PluginState.Quarantined ? PluginCallReason.Quarantined : PluginCallReason.Restarting, cause!.Message),
        };
        var loss = status.LastExit is { } exit ? new PluginLoss(text, reason, exit.ExitCode, exit.Signal, exit.StandardErrorTail) : null;
        return new PluginCallException(status.PluginName, method.FullName, new Status(end, text, cause), reason, loss);
    }
}
