using Plugwire;
using Plugwire.TestPlugins.Echoes;

return await PluginApplication.RunAsync<EchoPlugin>(args);
