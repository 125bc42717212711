using Grpc.Core;
using Plugwire.TestPlugins.Contracts.Current;

namespace Plugwire.TestPlugins.Contracts;

internal sealed class CurrentCatalog : Catalog.CatalogBase
{
    public override Task<Item> Find(Query request, ServerCallContext context) => Task.FromResult(new Item { Id = request.Text });
}
