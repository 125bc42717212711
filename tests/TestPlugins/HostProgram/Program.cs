using Plugwire.Hosting;

// A host to be killed: LAUNCH-DIRECTORY-ROOT PLUGIN [ARGUMENT…]. Says the plugin's process id once it runs, and then does nothing.
var options = new PluginOptions(args[1], args[2..]) { LaunchDirectoryRoot = args[0], StartTimeout = TimeSpan.FromMinutes(1) };
await using var plugin = await Plugin.StartAsync(options);
Console.WriteLine(plugin.ProcessId);
Console.WriteLine(await plugin.Completion);
