using Grpc.Core;

namespace Plugwire.Contracts.Tests.Links;

/// <summary>A contract found by its type, as whoever hosts one finds it.</summary>
internal static class Bound
{
    public static void To<TContract>(ServiceBinderBase binder, TContract implementation)
        where TContract : class, IContract<TContract> => TContract.Definition.Bind(binder, implementation);

    public static TContract Client<TContract>(CallInvoker invoker, TimeProvider? timeProvider = null)
        where TContract : class, IContract<TContract> => TContract.Definition.CreateClient(invoker, timeProvider);

    public static ContractDefinition<TContract> Definition<TContract>()
        where TContract : class, IContract<TContract> => TContract.Definition;
}
