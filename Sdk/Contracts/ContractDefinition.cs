using Google.Protobuf.Reflection;
using Grpc.Core;

namespace Plugwire;

/// <summary>What a contract is made of: its service, its methods, its client. Generated for each contract; safe for use by several threads.</summary>
/// <typeparam name="TContract">The contract.</typeparam>
public sealed class ContractDefinition<TContract>
    where TContract : class, IContract<TContract>
{
    private readonly Func<ServiceDescriptor> _descriptor;
    private readonly Func<CallInvoker, TimeProvider, TContract> _createClient;

    /// <summary>Called by generated code.</summary>
    /// <param name="serviceName">The service's full name.</param>
    /// <param name="descriptor">Gives the service's descriptor; called when it is first asked for, as reading descriptors takes its time.</param>
    /// <param name="methods">The methods, in the order of the .proto.</param>
    /// <param name="createClient">Makes a client.</param>
    public ContractDefinition(
        string serviceName,
        Func<ServiceDescriptor> descriptor,
        IReadOnlyList<ContractMethod<TContract>> methods,
        Func<CallInvoker, TimeProvider, TContract> createClient)
    {
        ArgumentNullException.ThrowIfNull(serviceName);
        ArgumentNullException.ThrowIfNull(descriptor);
        ArgumentNullException.ThrowIfNull(methods);
        ArgumentNullException.ThrowIfNull(createClient);
        ServiceName = serviceName;
        Methods = methods;
        _descriptor = descriptor;
        _createClient = createClient;
    }

    /// <summary>The service's full name, such as <c>examples.inspection.v1.Inspector</c>.</summary>
    public string ServiceName { get; }

    /// <summary>The service's descriptor, as the .proto has it.</summary>
    public ServiceDescriptor Descriptor => _descriptor();

    /// <summary>The methods, in the order of the .proto.</summary>
    public IReadOnlyList<ContractMethod<TContract>> Methods { get; }

    /// <summary>Makes a client. It needs no disposal, and is safe for use by several threads.</summary>
    /// <param name="invoker">What it calls on.</param>
    /// <param name="timeProvider">By which <see cref="CallContext.Timeout"/> becomes a deadline; null for the system's clock.</param>
    public TContract CreateClient(CallInvoker invoker, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(invoker);
        return _createClient(invoker, timeProvider ?? TimeProvider.System);
    }

    /// <summary>Adds all methods to a server.</summary>
    /// <param name="binder">Takes the methods and their handlers.</param>
    /// <param name="implementation">What handles the calls, many at once; null to add the methods by name alone, without handlers.</param>
    public void Bind(ServiceBinderBase binder, TContract? implementation)
    {
        ArgumentNullException.ThrowIfNull(binder);
        foreach (var method in Methods)
            method.Bind(binder, implementation);
    }
}
