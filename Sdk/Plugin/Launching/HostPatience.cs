using System.Globalization;
using Plugwire.Wire.Launching;

namespace Plugwire.Launching;

/// <summary>How long the host waits for the plugin to end after it has asked it to.</summary>
internal static class HostPatience
{
    // What is left after the calls: hosted services stop, and services are disposed of.
    private const double ShareOfCalls = 0.75;

    /// <summary>
    /// The time that calls may take to end, so that the plugin has ended by itself before the host becomes impatient: a stream that never ends must not
    /// turn every stop into a terminate signal. Null when the host does not say how long it waits.
    /// </summary>
    public static TimeSpan? ReadDrain(LaunchContext launch)
    {
        var text = launch.Variable(LaunchVariables.StopPatience);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
            return TimeSpan.FromMilliseconds(milliseconds * ShareOfCalls);

        if (!string.IsNullOrEmpty(text))
            launch.Tell($"[WARN] The host's patience '{text}' ({LaunchVariables.StopPatience}) is no whole number of milliseconds; the plugin keeps its own time for ending calls.");
        return null;
    }
}
