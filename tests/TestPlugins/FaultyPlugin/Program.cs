using Plugwire;
using Plugwire.TestPlugins.Faulty;

StandardOutput.RememberPipes();
var trigger = FaultTrigger.Of(args);
if (trigger.NeedsStandardOutput)
    StandardOutput.TakeOver(trigger);
using var deaf = Deafness.Of(args);
var code = await PluginApplication.RunAsync<FaultyPlugin>(args);
deaf.StayIfTold();
return code;
