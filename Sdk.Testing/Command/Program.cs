using Plugwire.Testing.Command;
using Plugwire.Testing.Command.Playing;
using Plugwire.Testing.Conformance.Roles;

// Not for people: a run of host conformance has its hosts start this program as their plugin.
if (args is [ReportWords.PlayCommand, .. var play])
    return await PlayedPlugin.RunAsync(play);
return await ConformanceCommand.RunAsync(args);
