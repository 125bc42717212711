using Microsoft.Extensions.DependencyInjection;
using Plugwire.Tests.Contract;

namespace Plugwire.TestPlugins.Shouting;

/// <summary>A plugin as an author writes one: a setting, a service of its own, a contract of its host's.</summary>
public sealed class ShoutingPlugin : IPlugin
{
    public void Configure(IPluginBuilder plugin)
    {
        plugin.Services.AddSingleton(new Ending("!"));
        plugin.UseHostContract<IEcho>();
        plugin.AddContract<IEcho, ShoutingHandler>();
    }
}
