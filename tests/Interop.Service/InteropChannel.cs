using Grpc.Core;

namespace Plugwire.Interop;

/// <summary>A connection of its own to the server under test, for cases that need several.</summary>
/// <param name="invoker">On it.</param>
/// <param name="close">Closes it; called once.</param>
public sealed class InteropChannel(CallInvoker invoker, Func<ValueTask> close) : IAsyncDisposable
{
    public CallInvoker Invoker { get; } = invoker;

    public ValueTask DisposeAsync() => close();
}
