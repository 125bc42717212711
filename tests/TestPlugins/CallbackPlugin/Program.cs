using Plugwire;
using Plugwire.TestPlugins.Callbacks;

return await PluginApplication.RunAsync<CallbackPlugin>(args);
