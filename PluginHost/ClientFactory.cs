using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Grpc.Core;

namespace Plugwire.Hosting;

/// <summary>Makes clients of the kind that Grpc.Tools generates. The one reflection there is, once for each client.</summary>
internal static class ClientFactory
{
    public static TClient Create<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TClient>(CallInvoker invoker)
        where TClient : ClientBase<TClient>
    {
        var constructor = typeof(TClient).GetConstructor([typeof(CallInvoker)])
            ?? throw new InvalidOperationException($"{typeof(TClient)} has no public constructor that takes a CallInvoker, as generated clients have.");
        return (TClient)constructor.Invoke(BindingFlags.DoNotWrapExceptions, binder: null, [invoker], culture: null);
    }
}
