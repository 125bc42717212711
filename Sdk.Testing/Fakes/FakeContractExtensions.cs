using Microsoft.Extensions.DependencyInjection;
using Plugwire.Hosting;
using Plugwire.Hosting.Offering;
using Plugwire.Serving;

namespace Plugwire.Testing;

/// <summary>Puts fakes in the place of what they stand for.</summary>
public static class FakeContractExtensions
{
    /// <summary>
    /// Offers a fake contract to the plugin, as <see cref="PluginOptions.AddHostContract{TContract}"/> offers a real one, in whatever way the plugin runs. Its record has what travels, headers included;
    /// <see cref="FakeContract{TContract}.Object"/> offered as a real one sees of the headers those of the trace alone.
    /// </summary>
    /// <typeparam name="TContract">The contract's interface.</typeparam>
    /// <param name="options">The plugin's.</param>
    /// <param name="contract">The fake.</param>
    /// <returns>The same options.</returns>
    /// <exception cref="InvalidOperationException">The contract has been added before.</exception>
    public static PluginOptions AddHostContract<TContract>(this PluginOptions options, FakeContract<TContract> contract)
        where TContract : class, IContract<TContract>
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(contract);
        return options.Add(new HostContract(TContract.Definition.ServiceName, contract.Bind));
    }

    /// <summary>Serves a fake contract, as <see cref="IPluginBuilder.AddContract{TContract}"/> serves a real one.</summary>
    /// <typeparam name="TContract">The contract's interface.</typeparam>
    /// <param name="plugin">The plugin's builder, as the kit and <see cref="PluginApplication.CreateBuilder"/> give it.</param>
    /// <param name="contract">The fake.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">The contract has been added before.</exception>
    /// <exception cref="ArgumentException">The builder is none of Plugwire's.</exception>
    public static IPluginBuilder AddContract<TContract>(this IPluginBuilder plugin, FakeContract<TContract> contract)
        where TContract : class, IContract<TContract>
    {
        ArgumentNullException.ThrowIfNull(plugin);
        ArgumentNullException.ThrowIfNull(contract);
        if (plugin is not PluginApplicationBuilder builder)
            throw new ArgumentException($"A fake is served by Plugwire's own builder, and this is {plugin.GetType()}. Serve the fake's {nameof(FakeContract<>.Object)} instead.", nameof(plugin));

        builder.Add(new ServiceRegistration<FakeContract<TContract>>(typeof(TContract), [(methods, _) => contract.Bind(methods)], bindsNothing: true)
        {
            Descriptor = () => TContract.Definition.Descriptor,
        });
        builder.Services.AddSingleton(contract);
        return plugin;
    }
}
