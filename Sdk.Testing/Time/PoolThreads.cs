using System.Globalization;

namespace Plugwire.Testing.Time;

/// <summary>The threads of this process's pool, as Linux shows them; elsewhere nothing is known of them.</summary>
internal static class PoolThreads
{
    private const string Directory = "/proc/self/task";
    private const string Name = ".NET TP Worker";

    [ThreadStatic]
    private static int _current;

    /// <summary>The system's number of the thread that asks; 0 where it is not known.</summary>
    public static int Current
    {
        get
        {
            if (_current == 0 && OperatingSystem.IsLinux())
                _current = int.Parse(Path.GetFileName(new FileInfo("/proc/thread-self").LinkTarget ?? "0"), CultureInfo.InvariantCulture);
            return _current;
        }
    }

    /// <summary>Those that want a processor, and how much time on one each has had so far, in the system's ticks of 10 ms.</summary>
    public static Dictionary<int, long> Runnable()
    {
        var runnable = new Dictionary<int, long>();
        foreach (var thread in OperatingSystem.IsLinux() ? System.IO.Directory.EnumerateDirectories(Directory) : [])
        {
            if (TimeOfRunnable(thread) is { } ticks)
                runnable[int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture)] = ticks;
        }

        return runnable;
    }

    private static long? TimeOfRunnable(string thread)
    {
        // "12 (name) R …": the state, then, 11 and 12 fields on, the time in user mode and in the kernel.
        const int State = 0, UserTime = 11, SystemTime = 12;
        try
        {
            var stat = File.ReadAllText(Path.Combine(thread, "stat"));
            var end = stat.LastIndexOf(')');
            var fields = stat[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return stat.AsSpan(0, end).EndsWith(Name, StringComparison.Ordinal) && fields[State] == "R"
                ? long.Parse(fields[UserTime], CultureInfo.InvariantCulture) + long.Parse(fields[SystemTime], CultureInfo.InvariantCulture)
                : null;
        }
        catch (IOException)
        {
            // It has just ended.
            return null;
        }
    }
}
