using Grpc.Core;

namespace Plugwire.Hosting.Offering;

/// <summary>One contract that the host serves for a plugin.</summary>
/// <param name="ServiceName">The service's full name.</param>
/// <param name="Bind">Adds its methods, with their handlers, to a server.</param>
internal sealed record HostContract(string ServiceName, Action<ServiceBinderBase> Bind)
{
    /// <summary>Served by one object, for all calls at once.</summary>
    public static HostContract Of<TContract>(TContract implementation)
        where TContract : class, IContract<TContract> =>
        new(TContract.Definition.ServiceName, binder => TContract.Definition.Bind(binder, implementation));
}
