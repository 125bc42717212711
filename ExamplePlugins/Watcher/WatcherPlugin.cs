using Examples.Inspection;
using Plugwire;

namespace Examples.Watching;

internal sealed class WatcherPlugin : IPlugin
{
    public void Configure(IPluginBuilder plugin) => plugin.AddContract<IWatcher, WatcherService>();
}
