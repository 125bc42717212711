using Grpc.Core;
using Plugwire.TestPlugins.Contracts.Current;

namespace Plugwire.EndToEnd.Tests.Contracts;

/// <summary>A typed contract as far as these tests call it.</summary>
internal interface ICatalog : IContract<ICatalog>
{
    static ContractDefinition<ICatalog> IContract<ICatalog>.Definition { get; } =
        new("plugwire.testplugins.catalog.v1.Catalog", () => Catalog.Descriptor, [], (invoker, _) => new Client(invoker));

    Task<Item> FindAsync(Query query);

    private sealed class Client(CallInvoker invoker) : ICatalog
    {
        public async Task<Item> FindAsync(Query query) => await new Catalog.CatalogClient(invoker).FindAsync(query).ResponseAsync;
    }
}
