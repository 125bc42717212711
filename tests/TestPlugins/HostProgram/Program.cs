using Plugwire.Hosting;
using Plugwire.TestPlugins.HostProgram;

// A host to be killed: [--then=stop|--then=kill] LAUNCH-DIRECTORY-ROOT PLUGIN [ARGUMENT…]. Prints its log, and does nothing else until its plugin ends; or stops it or
// kills its process once it serves. How it ended goes to standard error.
var then = args[0].StartsWith("--then=", StringComparison.Ordinal) ? args[0]["--then=".Length..] : null;
if (then is not null)
    args = args[1..];
var options = new PluginOptions(args[1], args[2..])
{
    LaunchDirectoryRoot = args[0],
    StartTimeout = TimeSpan.FromMinutes(2),
    LoggerFactory = new PrintedLog(),
    Restart = { Policy = PluginRestartPolicy.Never },
};
await using var plugin = await Plugin.StartAsync(options);
switch (then)
{
    case "stop":
        await plugin.StopAsync();
        break;
    case "kill":
        Signals.Kill(plugin.ProcessId);
        break;
}

var exit = await plugin.Completion;
await Console.Error.WriteLineAsync($"{exit.Reason} by {exit.StopStep}: {exit}");
