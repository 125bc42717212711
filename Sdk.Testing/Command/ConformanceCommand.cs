using System.CommandLine;

namespace Plugwire.Testing.Command;

/// <summary>The command line.</summary>
internal static class ConformanceCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        // What follows is the program's own, and would else be taken for ours: or ours, when it is misspelled, for the program's.
        var separator = Array.IndexOf(args, "--");
        var (before, own) = separator < 0 ? (args, []) : (args[..separator], args[(separator + 1)..]);
        var root = new RootCommand(
            "Looks at whether a program keeps to Plugwire's requirements: the launch protocol of go-plugin, gRPC, and what Plugwire adds. " +
            "Ends with 0 when every requirement is met that must be, with 1 when one is not, and with 2 when nothing can be said: the command was used wrongly, or its machinery failed.")
        {
            PluginCommand.Create(own),
            HostCommand.Create(own),
        };
        var parsed = root.Parse(before);
        var code = await parsed.InvokeAsync(new InvocationConfiguration());

        // What the parser refuses ends with 1 elsewhere, which here means something else.
        return parsed.Errors.Count > 0 ? ExitCodes.Unusable : code;
    }
}
