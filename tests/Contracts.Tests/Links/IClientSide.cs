using Grpc.Core;

namespace Plugwire.Contracts.Tests.Links;

/// <summary>What the test's contract is called on.</summary>
internal interface IClientSide : IAsyncDisposable
{
    CallInvoker Invoker { get; }

    /// <summary>Cuts the connection, without a word.</summary>
    Task CutAsync();
}
