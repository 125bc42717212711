using Examples.Inspection;
using Plugwire;

namespace Examples.Secrets;

internal sealed class SecretPlugin : IPlugin
{
    public void Configure(IPluginBuilder plugin) => plugin.AddContract<IInspector, SecretInspectorService>();
}
