using Plugwire;

namespace Examples.Reporting;

internal sealed class ReporterPlugin : IPlugin
{
    public void Configure(IPluginBuilder plugin) => plugin.AddService<ReporterService>();
}
