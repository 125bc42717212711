using Examples.Inspection;
using Plugwire;

namespace Examples.Todos;

internal sealed class TodoPlugin : IPlugin
{
    public void Configure(IPluginBuilder plugin) => plugin
        .UseHostContract<IRules>()
        .AddContract<IInspector, TodoInspectorService>();
}
