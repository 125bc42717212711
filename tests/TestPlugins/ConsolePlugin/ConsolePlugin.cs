using Plugwire.TestPlugins.ConsolePlugin.Contract;

namespace Plugwire.TestPlugins.ConsolePlugin;

/// <summary>
/// Writes to standard output in each way, when called and, with <c>--before=TEXT</c>, before the handshake; with <c>--block=true</c> it hangs
/// before the handshake.
/// </summary>
internal sealed class ConsolePlugin : IPlugin
{
    public void Configure(IPluginBuilder plugin)
    {
        if (plugin.Configuration["before"] is { } text)
        {
            Output.Write(Way.Console, text + " console");
            Output.Write(Way.Native, text + " native");
            Output.Write(Way.Child, text + " child");
        }

        if (plugin.Configuration["block"] == "true")
            Output.BlockForGood();
        plugin.AddService<ConsoleService>();
    }
}
