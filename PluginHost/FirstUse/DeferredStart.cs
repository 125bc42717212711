using Grpc.Core;
using Plugwire.Wire.Rpc.Deferred;

namespace Plugwire.Hosting.FirstUse;

/// <summary>A plugin that is started by the first who needs it.</summary>
/// <param name="pluginName">The name of the plugin, for calls that never come to be.</param>
/// <param name="running">The calls of the plugin when it runs; null when it must be started.</param>
/// <param name="start">Starts it, or joins the start that goes on. The token ends the waiting, not the start.</param>
/// <param name="timeProvider">The clock of the calls' deadlines.</param>
internal sealed class DeferredStart(string pluginName, Func<CallInvoker?> running, Func<CancellationToken, Task<CallInvoker>> start, TimeProvider timeProvider)
    : DeferredPeer(timeProvider)
{
    public override CallInvoker? Ready => running();

    // A start has a limit of its own, and one that has failed is told to all who wait for it.
    protected override Task<CallInvoker> ArriveAsync(bool waitForReady, CancellationToken cancellationToken) => start(cancellationToken);

    protected override RpcException Fail(IMethod method, StatusCode end, Exception? cause)
    {
        var (reason, status) = end switch
        {
            StatusCode.Cancelled => (PluginCallReason.Cancelled, new Status(end, "The call was cancelled while its plugin was starting.")),
            StatusCode.DeadlineExceeded => (PluginCallReason.DeadlineExceeded, new Status(end, "The call's deadline passed while its plugin was starting.")),
            _ => (PluginCallReason.NotStarted, new Status(end, cause!.Message, cause)),
        };
        return new PluginCallException(pluginName, method.FullName, status, reason);
    }
}
