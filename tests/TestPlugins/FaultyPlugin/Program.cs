using Plugwire;
using Plugwire.TestPlugins.Faulty;

using var deaf = Deafness.Of(args);
var code = await PluginApplication.RunAsync<FaultyPlugin>(args);
deaf.StayIfTold();
return code;
