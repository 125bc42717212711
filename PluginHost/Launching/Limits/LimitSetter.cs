using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Plugwire.Hosting.Launching.Posix;

namespace Plugwire.Hosting.Launching.Limits;

/// <summary>Sets the limits of a child that has just been started and is not reaped, so that its number is its own. What cannot be set is said in the log; a plugin starts without.</summary>
internal static partial class LimitSetter
{
    private const int HighestOomScore = 1000;

    /// <param name="processId">The child.</param>
    /// <param name="limits">What it is held to.</param>
    /// <param name="program">For the log.</param>
    /// <param name="logger">Told of each limit that is not set; never throws.</param>
    public static void Apply(int processId, ChildLimits limits, string program, ILogger logger)
    {
        if (OperatingSystem.IsLinux())
            ApplyOnLinux(processId, limits, program, logger);
        else
            SayNotSupported(limits, program, logger);
    }

    private static void ApplyOnLinux(int processId, ChildLimits limits, string program, ILogger logger)
    {
        foreach (var limit in limits.Resources)
        {
            if (TryLower(processId, limit) is { } error)
                Log.NotSet(logger, limit.Option, processId, program, Marshal.GetPInvokeErrorMessage(error));
        }

        if (limits.OomScoreAdjustment == 0)
            return;

        try
        {
            var own = int.Parse(File.ReadAllText("/proc/self/oom_score_adj"), CultureInfo.InvariantCulture);
            var adjusted = Math.Min(own + limits.OomScoreAdjustment, HighestOomScore);
            File.WriteAllText($"/proc/{processId}/oom_score_adj", adjusted.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or FormatException)
        {
            Log.NotSet(logger, nameof(PluginLimitOptions.OomScoreAdjustment), processId, program, failure.Message);
        }
    }

    /// <summary>Null when it is set; else the error.</summary>
    private static unsafe int? TryLower(int processId, ResourceLimit limit)
    {
        LibC.ResourceLimits found;
        if (LibC.LimitProcess(processId, limit.Resource, null, &found) != 0)
            return Marshal.GetLastPInvokeError();

        // Both: a program may raise the soft one up to the hard one by itself, and .NET does.
        var value = Math.Min((nuint)limit.Value, found.Hard);
        var lowered = new LibC.ResourceLimits { Soft = value, Hard = value };
        return LibC.LimitProcess(processId, limit.Resource, &lowered, null) == 0 ? null : Marshal.GetLastPInvokeError();
    }

    // The score is not among them when it has its default: nobody has asked for it.
    private static void SayNotSupported(ChildLimits limits, string program, ILogger logger)
    {
        var system = RuntimeInformation.OSDescription;
        foreach (var limit in limits.Resources)
            Log.NotSupported(logger, limit.Option, program, system);
        if (limits.OomScoreAdjustment > new PluginLimitOptions().OomScoreAdjustment)
            Log.NotSupported(logger, nameof(PluginLimitOptions.OomScoreAdjustment), program, system);
        if (limits.NoNewPrivileges)
            Log.NotSupported(logger, nameof(ChildLimits.NoNewPrivileges), program, system);
    }

    private static partial class Log
    {
        [LoggerMessage(90, LogLevel.Warning, "The limit {Limit} of process {ProcessId} ({FileName}) could not be set: {Error}")]
        public static partial void NotSet(ILogger logger, string limit, int processId, string fileName, string error);

        [LoggerMessage(91, LogLevel.Warning, "The limit {Limit} is not set for {FileName}: {System} cannot limit another process so.")]
        public static partial void NotSupported(ILogger logger, string limit, string fileName, string system);
    }
}
