using Grpc.Core;
using Plugwire.TestPlugins.Contracts.Older;

namespace Plugwire.TestPlugins.Contracts;

internal sealed class OlderCatalog : Catalog.CatalogBase
{
    public override Task<Item> Find(Query request, ServerCallContext context) => Task.FromResult(new Item { Id = request.Text });
}
