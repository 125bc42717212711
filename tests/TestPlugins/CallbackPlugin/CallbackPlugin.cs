using System.Globalization;
using Plugwire.TestPlugins.Callbacks.Contract;

namespace Plugwire.TestPlugins.Callbacks;

/// <summary>Does nothing without its host.</summary>
internal sealed class CallbackPlugin : IPlugin
{
    public void Configure(IPluginBuilder plugin)
    {
        if (plugin.Configuration["drain"] is { } seconds)
            plugin.Options.DrainTimeout = TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture));
        plugin.UseHostContract<IDesk>().AddContract<IClerk, Clerk>();
    }
}
