namespace Plugwire.TestPlugins.Contracts;

/// <summary>Serves a contract as <c>--serve</c> says: as its host has it, as it was before, without descriptors, or not at all. Its capabilities are those of <c>--capabilities</c>.</summary>
internal sealed class ContractPlugin : IPlugin
{
    public void Configure(IPluginBuilder plugin)
    {
        switch (plugin.Configuration["serve"])
        {
            case "current":
                plugin.AddService<CurrentCatalog>();
                break;
            case "older":
                plugin.AddService<OlderCatalog>();
                break;
            case "by-hand":
                plugin.AddService<OlderCatalog>(Older.Catalog.BindService);
                break;
        }

        foreach (var capability in (plugin.Configuration["capabilities"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
            plugin.AddCapability(capability);
    }
}
