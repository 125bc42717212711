using Plugwire.TestPlugins.Sample.Contract;

namespace Plugwire.TestPlugins.Sample;

/// <summary>Behaves well, and otherwise only when told to.</summary>
public sealed class SamplePlugin : IPlugin
{
    /// <inheritdoc/>
    public void Configure(IPluginBuilder plugin) => plugin.UseHostContract<IDesk>().AddContract<ISample, SampleHandler>();
}
