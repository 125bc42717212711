using Plugwire.Hosting;
using Plugwire.TestPlugins.HostProgram;

// A host to be killed: LAUNCH-DIRECTORY-ROOT PLUGIN [ARGUMENT…]. Prints its log, and does nothing else.
var options = new PluginOptions(args[1], args[2..])
{
    LaunchDirectoryRoot = args[0],
    StartTimeout = TimeSpan.FromMinutes(2),
    LoggerFactory = new PrintedLog(),
};
await using var plugin = await Plugin.StartAsync(options);
await plugin.Completion;
