using Plugwire;
using Plugwire.TestPlugins.ConsolePlugin;

return await PluginApplication.RunAsync<ConsolePlugin>(args);
