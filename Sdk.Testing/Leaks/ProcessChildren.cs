using System.Globalization;
using Plugwire.Hosting.Launching.Sweeping;

namespace Plugwire.Testing.Leaks;

/// <summary>The processes that this one has started, as Linux shows them; none elsewhere.</summary>
internal static class ProcessChildren
{
    private const int ParentField = 1;

    /// <summary>Those that live, with their names.</summary>
    public static IEnumerable<(int Id, string Name)> OfThisProcess()
    {
        if (!OperatingSystem.IsLinux())
            return [];

        var self = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return ProcessTable.ProcessIds().Where(id => ParentOf(id) == self).Select(id => (id, ProcessTable.NameOf(id)));
    }

    // A zombie has ended: that nobody has asked for its exit code yet is the runtime's affair.
    private static string? ParentOf(int processId)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : fields[ParentField];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
