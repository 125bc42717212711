using Examples.Inspection;
using Plugwire;

namespace Examples.Reporting;

internal sealed class ReporterPlugin : IPlugin
{
    public void Configure(IPluginBuilder plugin) => plugin.AddContract<IReporter, ReporterService>();
}
