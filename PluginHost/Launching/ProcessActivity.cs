using System.Globalization;
using Plugwire.Hosting.Launching.Sweeping;

namespace Plugwire.Hosting.Launching;

/// <summary>What the processes of a plugin are doing, as the system sees it from outside.</summary>
/// <param name="IsStopped">Whether one of them is stopped by a signal.</param>
/// <param name="IsWorking">Whether one of them runs, or waits for a disk or the like.</param>
/// <param name="IsTraced">Whether a debugger or the like traces one of them.</param>
/// <param name="ProcessorTicks">The processor time that all have used so far, in the system's ticks: good for comparing with an earlier look.</param>
internal readonly record struct ProcessActivity(bool IsStopped, bool IsWorking, bool IsTraced, long ProcessorTicks)
{
    /// <summary>Looks at a process and its process group.</summary>
    /// <returns>Null where the system does not show it, and when there is no such process.</returns>
    public static ProcessActivity? Of(int processId)
    {
        if (!OperatingSystem.IsLinux())
            return null;

        var found = default(ProcessActivity?);
        foreach (var member in ProcessTable.ProcessIds())
        {
            if (OfOne(member, processId) is { } one)
            {
                var sum = found.GetValueOrDefault();
                found = new ProcessActivity(sum.IsStopped || one.IsStopped, sum.IsWorking || one.IsWorking, sum.IsTraced || one.IsTraced, sum.ProcessorTicks + one.ProcessorTicks);
            }
        }

        return found;
    }

    private static ProcessActivity? OfOne(int processId, int group)
    {
        // From the state on, which is field 3 of /proc/PID/stat, after a name in parentheses that may hold anything.
        const int State = 0, Group = 2, UserTime = 11, SystemTime = 12;
        if (ProcessTable.StatOf(processId) is not { } stat)
            return null;

        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length <= SystemTime || (processId != group && fields[Group] != group.ToString(CultureInfo.InvariantCulture)))
            return null;

        var ticks = long.Parse(fields[UserTime], CultureInfo.InvariantCulture) + long.Parse(fields[SystemTime], CultureInfo.InvariantCulture);
        return new ProcessActivity(fields[State] == "T", fields[State] is "R" or "D", fields[State] == "t" || ProcessTable.IsTraced(processId), ticks);
    }
}
