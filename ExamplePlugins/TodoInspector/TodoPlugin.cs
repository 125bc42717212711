using Plugwire;

namespace Examples.Todos;

internal sealed class TodoPlugin : IPlugin
{
    public void Configure(IPluginBuilder plugin) => plugin.AddService<TodoInspectorService>();
}
