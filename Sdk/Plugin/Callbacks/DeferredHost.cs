using Grpc.Core;
using Plugwire.Wire.Rpc.Deferred;

namespace Plugwire.Callbacks;

/// <summary>One service of a host that may not have connected yet.</summary>
/// <param name="host">Where the host connects.</param>
/// <param name="serviceName">The service's full name.</param>
/// <param name="time">The clock of the calls' deadlines.</param>
internal sealed class DeferredHost(HostConnection host, string serviceName, TimeProvider time) : DeferredPeer(time)
{
    private CallInvoker? _ready;

    // Looked up once: from then on a call to the host costs what a call costs.
    public override CallInvoker? Ready => _ready ??= host.Find(serviceName);

    protected override Task<CallInvoker> ArriveAsync(bool waitForReady, CancellationToken cancellationToken) => host.WaitAsync(serviceName, waitForReady, cancellationToken);

    protected override RpcException Fail(IMethod method, StatusCode end, Exception? cause) => cause as RpcException ?? new RpcException(end switch
    {
        StatusCode.Cancelled => new Status(end, "The call was cancelled while the plugin waited for its host."),
        StatusCode.DeadlineExceeded => new Status(end, "The call's deadline passed while the plugin waited for its host."),
        _ => new Status(end, cause!.Message, cause),
    });
}
