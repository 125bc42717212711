using Grpc.Core;

namespace Plugwire.Interop;

/// <summary>A typed contract's definition by the contract's type.</summary>
internal static class Typed<TContract>
    where TContract : class, IContract<TContract>
{
    public static TContract Create(CallInvoker invoker) => TContract.Definition.CreateClient(invoker);
}
