using Plugwire.TestPlugins.Callbacks.Contract;

namespace Plugwire.TestPlugins.Callbacks;

/// <summary>Does nothing without its host.</summary>
internal sealed class CallbackPlugin : IPlugin
{
    public void Configure(IPluginBuilder plugin) => plugin.UseHostContract<IDesk>().AddContract<IClerk, Clerk>();
}
