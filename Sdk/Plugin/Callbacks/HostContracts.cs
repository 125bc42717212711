using Plugwire.Wire.Rpc.Deferred;

namespace Plugwire.Callbacks;

/// <summary>The host's contracts, on the connection on which it serves.</summary>
internal sealed class HostContracts(HostConnection host, TimeProvider time) : IHostContracts
{
    public TContract GetHostContract<TContract>()
        where TContract : class, IContract<TContract> =>
        TContract.Definition.CreateClient(new DeferredCallInvoker(new DeferredHost(host, TContract.Definition.ServiceName, time)), time);
}
