using Examples.Watching;
using Plugwire;

await PluginApplication.RunAsync<WatcherPlugin>(args);
