using Plugwire;
using Plugwire.Benchmarks.Plugin;

// The service and the contract have one name on the wire: each is served by a process of its own.
await (args is ["typed"] ? PluginApplication.RunAsync<TypedPlugin>([]) : PluginApplication.RunAsync<ClassicPlugin>([]));
