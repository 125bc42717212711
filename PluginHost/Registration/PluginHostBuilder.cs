using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Plugwire.Hosting.Configuration;
using Plugwire.Hosting.Offering;
using Plugwire.Hosting.Registration;

namespace Plugwire.Hosting;

/// <summary>Adds plugins and their clients to an application. Made by <c>AddPluginHost</c>.</summary>
public sealed class PluginHostBuilder
{
    internal PluginHostBuilder(IServiceCollection services) => Services = services;

    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds a plugin whose options stand in code.</summary>
    /// <param name="name">
    /// What the plugin is called: the name of its options (<c>IOptionsMonitor&lt;PluginOptions&gt;</c>), and the key under which a <see cref="CallInvoker"/>
    /// for it can be had, which starts the plugin on its first call.
    /// </param>
    /// <param name="configure">Sets its options.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">There is a plugin of that name.</exception>
    public PluginHostBuilder AddPlugin(string name, Action<PluginOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        AddNamed(name).Configure(configure);
        return this;
    }

    /// <summary>Adds a plugin whose options stand in the configuration, under their names; <c>Settings</c> is a section of its own, of any shape.</summary>
    /// <param name="name">As in <see cref="AddPlugin(string, Action{PluginOptions})"/>.</param>
    /// <param name="configuration">The plugin's section. Read anew for each start after a change. An unknown key is a mistake.</param>
    /// <param name="configure">Sets what the configuration does not; null for nothing. It has the last word.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">There is a plugin of that name.</exception>
    public PluginHostBuilder AddPlugin(string name, IConfiguration configuration, Action<PluginOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var options = AddNamed(name).Configure(options => PluginSection.Apply(configuration, options));
        if (configure is not null)
            options.Configure(configure);
        Services.AddSingleton<IOptionsChangeTokenSource<PluginOptions>>(new ConfigurationChangeTokenSource<PluginOptions>(name, configuration));
        return this;
    }

    /// <summary>Adds a client of a plugin, to be had under the plugin's name as key. The plugin starts on its first call.</summary>
    /// <typeparam name="TClient">A client that Grpc.Tools generated.</typeparam>
    /// <param name="pluginName">The name of the plugin; it may be added later.</param>
    /// <returns>This builder.</returns>
    public PluginHostBuilder AddClient<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TClient>(string pluginName)
        where TClient : ClientBase<TClient>
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(pluginName);
        Services.AddKeyedSingleton(pluginName, (services, _) => services.GetRequiredService<PluginHost>().CreateClient<TClient>(pluginName));
        return this;
    }

    /// <summary>
    /// Adds a typed contract of a plugin, to be had under the plugin's name as key. The plugin starts on its first call, and its start checks the contract, as
    /// <see cref="PluginOptions.AddContract{TContract}"/> does.
    /// </summary>
    /// <typeparam name="TContract">The contract's interface.</typeparam>
    /// <param name="pluginName">The name of the plugin; it may be added later.</param>
    /// <returns>This builder.</returns>
    public PluginHostBuilder AddContract<TContract>(string pluginName)
        where TContract : class, IContract<TContract>
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(pluginName);
        Services.Configure<PluginOptions>(pluginName, static options => options.AddContract<TContract>());
        Services.AddKeyedSingleton(pluginName, (services, _) => services.GetRequiredService<PluginHost>().GetContract<TContract>(pluginName));
        return this;
    }

    /// <summary>
    /// Offers a contract to plugins, as <see cref="PluginOptions.AddHostContract{TContract}"/> does, by a class of the application's. Unless <see cref="Services"/> registers the class
    /// otherwise, it lives for one call: made in a scope of the call's own, and disposed of with the scope when the call has ended.
    /// </summary>
    /// <typeparam name="TContract">The contract's interface.</typeparam>
    /// <typeparam name="TImplementation">The class.</typeparam>
    /// <param name="pluginName">The name of the plugin that may call it, which may be added later; null for all plugins.</param>
    /// <returns>This builder.</returns>
    public PluginHostBuilder AddHostContract<TContract, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TImplementation>(string? pluginName = null)
        where TContract : class, IContract<TContract>
        where TImplementation : class, TContract
    {
        if (pluginName is not null)
            ArgumentException.ThrowIfNullOrWhiteSpace(pluginName);
        Services.TryAddScoped<TImplementation>();

        // Options without a name are those of all plugins.
        Services.AddSingleton<IConfigureOptions<PluginOptions>>(services => new ConfigureNamedOptions<PluginOptions>(
            pluginName, options => options.Add(ScopedHostContract<TContract, TImplementation>.Of(services.GetRequiredService<IServiceScopeFactory>()))));
        return this;
    }

    private OptionsBuilder<PluginOptions> AddNamed(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (Services.Any(service => service is { IsKeyedService: false, ImplementationInstance: PluginRegistration plugin } && plugin.Name == name))
            throw new ArgumentException($"There is a plugin '{name}' already. A name stands for one plugin.", nameof(name));

        Services.AddSingleton(new PluginRegistration(name));
        Services.AddKeyedSingleton(name, (services, _) => services.GetRequiredService<PluginHost>().GetCallInvoker(name));
        return Services.AddOptions<PluginOptions>(name)
            .PostConfigure<IServiceProvider>((options, services) =>
            {
                options.Name ??= name;
                options.LoggerFactory ??= services.GetService<ILoggerFactory>();
            })
            .ValidateOnStart();
    }
}
