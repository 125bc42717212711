using Plugwire;
using Plugwire.Benchmarks.Plugin;

await PluginApplication.RunAsync<ClassicPlugin>(args);
