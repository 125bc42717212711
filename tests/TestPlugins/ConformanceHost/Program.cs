using Plugwire.Hosting;
using Plugwire.Testing.Conformance.Contract;
using Plugwire.TestPlugins.ConformanceHost;

// A host that meets all requirements: PLUGIN [--break=ID]. With the latter it fails that one case.
var fault = Fault.Of(args);
var code = 0;
try
{
    if (fault.Breaks("output.console"))
        await BareHost.RunAsync(args[0]);
    else
        await CallAsync(fault.Spoil(new PluginOptions(args[0])));
}
catch (Exception failure)
{
    await Console.Error.WriteLineAsync($"The plugin has failed: {failure.Message}");
    code = await fault.AnswerFailureAsync();
}

if (fault.Breaks("stop.leaves-nothing"))
    await File.WriteAllTextAsync(Path.Combine(Path.GetTempPath(), "left"), "");
return fault.Breaks("call.answered") || fault.Breaks("stop.unanswered") ? 3 : code;

static async Task CallAsync(PluginOptions options)
{
    await using var plugin = await Plugin.StartAsync(options);
    await plugin.CreateClient<Conformance.ConformanceClient>().EchoAsync(new Payload());
    Console.WriteLine("The plugin has answered.");
}
