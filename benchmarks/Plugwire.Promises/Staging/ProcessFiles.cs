using System.Globalization;
using System.Text;

namespace Plugwire.Promises.Staging;

/// <summary>What /proc says of processes. All of it is empty, or nothing, for one that has ended meanwhile.</summary>
internal static class ProcessFiles
{
    private static readonly TimeSpan ClockTick = TimeSpan.FromMilliseconds(10);

    public static IEnumerable<int> Ids()
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id != Environment.ProcessId)
                yield return id;
        }
    }

    /// <summary>Those that have a text in the environment that they were started with, zombies apart.</summary>
    public static IReadOnlyList<int> WithEnvironment(string text) => [.. Ids().Where(id => Read(id, "environ").Contains(text, StringComparison.Ordinal) && IsAlive(id))];

    public static bool IsAlive(int id) => Stat(id) is { Length: > 0 } fields && fields[0] is not ("Z" or "X");

    /// <summary>The children of this process that live.</summary>
    public static IReadOnlyList<int> Children()
    {
        var self = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return [.. Ids().Where(id => Stat(id) is { Length: > 1 } fields && fields[0] is not ("Z" or "X") && fields[1] == self)];
    }

    /// <summary>Processor time, in the kernel and outside of it.</summary>
    public static TimeSpan ProcessorTime(int id) => Stat(id) is { Length: > 13 } fields
        ? (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) * ClockTick
        : TimeSpan.Zero;

    /// <summary>The memory that is there, in bytes.</summary>
    public static long ResidentBytes(int id)
    {
        const string Line = "VmRSS:";
        var line = Read(id, "status").Split('\n').FirstOrDefault(line => line.StartsWith(Line, StringComparison.Ordinal));
        return line is null ? 0 : 1024 * long.Parse(line.AsSpan(Line.Length).Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture);
    }

    /// <summary>What the open descriptors stand for.</summary>
    public static IReadOnlyList<string> Descriptors(int id)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries($"/proc/{id}/fd").Select(TargetOf).OfType<string>()];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Program and arguments, for people.</summary>
    public static string CommandLine(int id) => Read(id, "cmdline").Replace('\0', ' ').Trim();

    public static string Read(int id, string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/{file}")));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    // "1234 (name) S 1 …": the name may hold anything; the first field here is the state.
    private static string[] Stat(int id)
    {
        var stat = Read(id, "stat");
        return stat.LastIndexOf(')') is var end and > 0 ? stat[(end + 2)..].Split(' ') : [];
    }

    private static string? TargetOf(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
