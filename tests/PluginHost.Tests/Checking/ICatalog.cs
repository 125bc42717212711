using Grpc.Core;

namespace Plugwire.Hosting.Tests.Checking;

/// <summary>A contract of the host's, as far as a start looks at it, with a client that calls in strings.</summary>
internal interface ICatalog : IContract<ICatalog>
{
    static ContractDefinition<ICatalog> IContract<ICatalog>.Definition { get; } =
        new("plugwire.tests.catalog.v1.Catalog", () => Catalog.Descriptor, [], (invoker, _) => new Client(invoker));

    Task<string> EchoAsync(string text, CancellationToken cancellationToken);

    private sealed class Client(CallInvoker invoker) : ICatalog
    {
        public async Task<string> EchoAsync(string text, CancellationToken cancellationToken) =>
            await invoker.AsyncUnaryCall(Supervising.EchoService.Unary, null, new CallOptions(cancellationToken: cancellationToken), text).ResponseAsync;
    }
}
