using Plugwire;
using Plugwire.TestPlugins.Sample;

return await PluginApplication.RunAsync<SamplePlugin>(args);
