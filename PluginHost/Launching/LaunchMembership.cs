using System.Runtime.Versioning;
using Plugwire.Hosting.Launching.Posix;
using Plugwire.Hosting.Launching.Sweeping;

namespace Plugwire.Hosting.Launching;

/// <summary>Tells whether a process belongs to a launch. Launchers such as <c>sh -c</c>, <c>dotnet</c> or a sandbox stand between the host and the plugin, so it need not be the very process that was started.</summary>
internal static class LaunchMembership
{
    // No chain of launchers is that long; a walk over numbers that change hands meanwhile might be.
    private const int MostGenerations = 64;
    private const int Attempts = 3;

    /// <summary>True when the process was launched, shares the group of the one that was or descends from it; false when it does not; null where the system does not tell.</summary>
    /// <param name="processId">The process; 0 for one that cannot be seen from here.</param>
    /// <param name="launchedId">The process that was started.</param>
    public static bool? Includes(int processId, int launchedId)
    {
        // A plugin may run within the host itself.
        if (processId == launchedId || processId == Environment.ProcessId)
            return true;
        return OperatingSystem.IsLinux() ? IncludesOnLinux(processId, launchedId) : null;
    }

    [SupportedOSPlatform("linux")]
    private static bool? IncludesOnLinux(int processId, int launchedId)
    {
        // What this process starts is visible to it, in whatever namespace it ends up: what is not visible, it has not started.
        if (processId <= 0)
            return false;
        if (LibC.GetProcessGroup(processId) == launchedId)
            return true;

        // A launcher that ends just now breaks the chain for a moment, until its children have another parent.
        bool? found = null;
        for (var i = 0; i < Attempts && found is null; i++)
            found = Descends(processId, launchedId);
        return found;
    }

    private static bool? Descends(int processId, int launchedId)
    {
        for (var (i, id) = (0, processId); i < MostGenerations; i++)
        {
            if (ProcessTable.ParentOf(id) is not { } parent)
                return null;
            if (parent == launchedId)
                return true;
            if (parent <= 1 || parent == Environment.ProcessId)
                return false;
            id = parent;
        }

        return false;
    }
}
