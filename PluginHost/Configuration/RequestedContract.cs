using Google.Protobuf.Reflection;

namespace Plugwire.Hosting.Configuration;

/// <summary>A contract that the host asks a plugin for.</summary>
/// <param name="Contract">The contract's interface.</param>
/// <param name="ServiceName">Its service's full name.</param>
/// <param name="Descriptor">Gives the service's descriptor, which takes its time.</param>
internal sealed record RequestedContract(Type Contract, string ServiceName, Func<ServiceDescriptor> Descriptor)
{
    public static RequestedContract Of<TContract>()
        where TContract : class, IContract<TContract> => new(typeof(TContract), TContract.Definition.ServiceName, static () => TContract.Definition.Descriptor);
}
