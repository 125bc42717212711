using System.Globalization;
using Plugwire.Hosting.Launching.Sweeping;

namespace Plugwire.Testing.Conformance.Hosts;

/// <summary>How much memory a host has taken at most so far, as Linux tells it.</summary>
internal static class HostMemory
{
    private const string Peak = "VmHWM:";
    private const int KiB = 1024;

    /// <summary>Of a process and its descendants, in bytes; null where it is not told.</summary>
    /// <param name="hostId">The host's process.</param>
    /// <param name="pluginIds">Processes that are not looked at, nor what descends from them.</param>
    public static long? PeakOf(int hostId, IReadOnlyCollection<int> pluginIds)
    {
        if (!OperatingSystem.IsLinux())
            return null;

        var children = ProcessTable.ProcessIds().ToLookup(id => ProcessTable.ParentOf(id) ?? 0);
        var sum = 0L;
        var queue = new Queue<int>([hostId]);
        while (queue.TryDequeue(out var id))
        {
            if (pluginIds.Contains(id))
                continue;
            sum += PeakOf(id) ?? 0;
            foreach (var child in children[id])
                queue.Enqueue(child);
        }

        return sum > 0 ? sum : null;
    }

    private static long? PeakOf(int id)
    {
        try
        {
            var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/status")).FirstOrDefault(line => line.StartsWith(Peak, StringComparison.Ordinal));
            return line is null ? null : long.Parse(line[Peak.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture) * KiB;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Ended meanwhile.
            return null;
        }
    }
}
