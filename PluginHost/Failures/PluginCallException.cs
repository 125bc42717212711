using Grpc.Core;
using Plugwire.Hosting.Failures;
using Plugwire.Wire.Rpc.Client;

namespace Plugwire.Hosting;

/// <summary>
/// A call of a plugin failed. Beside the status, as gRPC tells it, it says which plugin and method it was, what happened, and whether the plugin can have executed it.
/// Every failed call on a plugin's call invoker throws it.
/// </summary>
public sealed class PluginCallException : RpcException
{
    // The call was made, and this is how the wire saw it end.
    internal PluginCallException(string pluginName, in CallFailure failure)
        : this(
            pluginName, failure.Method, failure.Status, failure.Trailers, ReasonOf(failure),
            failure.MaybeExecuted ? CallExecution.MaybeExecuted : CallExecution.NotSent, failure.Explanation as PluginLoss)
    {
    }

    // The call waited for its plugin, and was never made.
    internal PluginCallException(string pluginName, string method, in Status status, PluginCallReason reason, PluginLoss? loss = null)
        : this(
            (status.DebugException as PluginException)?.PluginName ?? pluginName, method, status, Metadata.Empty, reason, CallExecution.NotSent,
            loss is not null ? loss : status.DebugException is PluginStartException start ? new PluginLoss(status.Detail, reason, start.ExitCode, start.Signal, start.StandardErrorTail) : null)
    {
    }

    private PluginCallException(
        string pluginName, string method, in Status status, Metadata trailers, PluginCallReason reason, CallExecution execution, PluginLoss? loss)
        : base(status, trailers, PluginCallMessage.Compose(pluginName, method, status, reason, execution, loss))
    {
        PluginName = pluginName;
        Method = method;
        Reason = reason;
        Execution = execution;
        ExitCode = loss?.ExitCode;
        Signal = loss?.Signal;
        StandardErrorTail = loss?.StandardErrorTail ?? "";
    }

    /// <summary>The name that the host gave the plugin.</summary>
    public string PluginName { get; }

    /// <summary>The full name of the method, such as <c>/examples.greeter.v1.Greeter/SayHello</c>.</summary>
    public string Method { get; }

    /// <summary>Why the call failed.</summary>
    public PluginCallReason Reason { get; }

    /// <summary>Whether the plugin can have executed the call.</summary>
    public CallExecution Execution { get; }

    /// <summary>The exit code of the plugin's process, when its end has to do with the failure; null when it was not known to have ended, or when a signal ended it.</summary>
    public int? ExitCode { get; }

    /// <summary>The number of the signal that ended the plugin's process, when that has to do with the failure; null otherwise.</summary>
    public int? Signal { get; }

    /// <summary>
    /// The last that the plugin's process wrote to its standard error, at most 8 KiB, when its end has to do with the failure; empty otherwise, and when it wrote nothing.
    /// </summary>
    public string StandardErrorTail { get; }

    private static PluginCallReason ReasonOf(in CallFailure failure) => failure.End switch
    {
        CallEnd.Caller => PluginCallReason.Cancelled,
        CallEnd.Deadline => PluginCallReason.DeadlineExceeded,
        CallEnd.ServerStops => (failure.Explanation as PluginLoss)?.Cause ?? PluginCallReason.StoppedByPlugin,
        CallEnd.Connection => (failure.Explanation as PluginLoss)?.Cause ?? PluginCallReason.ConnectionLost,
        CallEnd.ThisSide => PluginCallReason.Rejected,
        _ => PluginCallReason.Status,
    };
}
