using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Plugwire.Hosting;
using Plugwire.Hosting.Configuration;
using Plugwire.Hosting.Registration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds plugins to an application.</summary>
public static class PluginHostServiceCollectionExtensions
{
    /// <summary>
    /// Adds a <see cref="PluginHost"/> that starts and stops with the application. May be called more than once: all calls add to the same host.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <returns>What adds the plugins.</returns>
    public static PluginHostBuilder AddPluginHost(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PluginOptions>, PluginOptionsValidator>());
        services.TryAddSingleton(PluginHostFactory.Create);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PluginHostService>());
        return new PluginHostBuilder(services);
    }
}
