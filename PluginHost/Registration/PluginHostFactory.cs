using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Plugwire.Hosting.Registration;

/// <summary>Makes the application's plugin host of what was registered. The container disposes it.</summary>
internal static class PluginHostFactory
{
    public static PluginHost Create(IServiceProvider services)
    {
        var host = new PluginHost();
        var options = services.GetRequiredService<IOptionsMonitor<PluginOptions>>();
        foreach (var plugin in services.GetServices<PluginRegistration>())
            host.Add(plugin.Name, () => options.Get(plugin.Name));
        return host;
    }
}
