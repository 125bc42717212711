using Plugwire;

namespace Examples.Secrets;

internal sealed class SecretPlugin : IPlugin
{
    public void Configure(IPluginBuilder plugin) => plugin.AddService<SecretInspectorService>();
}
