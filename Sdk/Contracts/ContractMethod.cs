using Grpc.Core;

namespace Plugwire;

/// <summary>One method of a contract. Its kinds, which generated code makes, are in <see cref="Handling"/>.</summary>
/// <typeparam name="TContract">The contract.</typeparam>
public abstract class ContractMethod<TContract>
    where TContract : class, IContract<TContract>
{
    private protected ContractMethod(IMethod method) => Method = method;

    /// <summary>The method as gRPC knows it: its kind, its service, its name.</summary>
    public IMethod Method { get; }

    /// <summary>Adds the method to a server.</summary>
    /// <param name="binder">Takes the method and its handler.</param>
    /// <param name="implementation">What handles the calls, many at once; null to add the method by name alone, without a handler.</param>
    public abstract void Bind(ServiceBinderBase binder, TContract? implementation);
}
