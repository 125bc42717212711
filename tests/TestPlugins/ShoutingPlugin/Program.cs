using Plugwire;
using Plugwire.TestPlugins.Shouting;

return await PluginApplication.RunAsync<ShoutingPlugin>(args);
