using System.Globalization;

namespace Plugwire.Testing.Faults.Signals;

/// <summary>Whether a process of Linux has been stopped, all of it.</summary>
internal static class Standstill
{
    private const string Stopped = "T";

    public static bool IsOf(int processId)
    {
        try
        {
            return Directory.EnumerateDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/task")).All(thread => StateOf(thread) == Stopped);
        }
        catch (IOException)
        {
            // It or one of its threads has ended meanwhile: whoever asks looks again.
            return false;
        }
    }

    // "PID (name) STATE …", where the name may have anything in it.
    private static string StateOf(string thread)
    {
        var stat = File.ReadAllText(Path.Combine(thread, "stat"));
        return stat.Substring(stat.LastIndexOf(')') + 2, 1);
    }
}
