using System.Globalization;
using System.Text;
using Plugwire.Hosting.Launching.Guarding;
using Plugwire.Hosting.Launching.Sweeping;

namespace Plugwire.Testing.Leaks;

/// <summary>The processes that this one has started, as Linux shows them; none elsewhere.</summary>
internal static class ProcessChildren
{
    private const int ParentField = 1;
    private const int LongestCommand = 200;

    /// <summary>Those that live, but for the one guard of all plugins, which ends with this process.</summary>
    public static IEnumerable<int> OfThisProcess()
    {
        if (!OperatingSystem.IsLinux())
            return [];

        var self = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return ProcessTable.ProcessIds().Where(id => ParentOf(id) == self && id != PluginGuard.Shared.Process?.Id);
    }

    /// <summary>Name and command line, for people.</summary>
    public static string Describe(int processId)
    {
        var command = Read(processId, "cmdline")?.Replace('\0', ' ').Trim() ?? "";
        var shown = new StringBuilder(ProcessTable.NameOf(processId));
        if (command.Length > 0)
            shown.Append(": ").Append(command.Length > LongestCommand ? command[..LongestCommand] + "…" : command);
        return shown.ToString();
    }

    // A zombie has ended: that nobody has asked for its exit code yet is the runtime's affair.
    private static string? ParentOf(int processId)
    {
        if (Read(processId, "stat") is not { Length: > 0 } stat)
            return null;

        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[0] is "Z" or "X" ? null : fields[ParentField];
    }

    private static string? Read(int processId, string file)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/{file}"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Ended meanwhile.
            return null;
        }
    }
}
