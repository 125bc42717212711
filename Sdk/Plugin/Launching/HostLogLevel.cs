using Plugwire.Logging;
using Plugwire.Wire.Launching;

namespace Plugwire.Launching;

/// <summary>The minimum log level that the host asks for at launch.</summary>
internal static class HostLogLevel
{
    /// <summary>A level that is none is told and passed over: a plugin does not fail over its log.</summary>
    public static LogLevelSwitch Read(LaunchContext launch)
    {
        var levels = new LogLevelSwitch();
        var name = launch.Variable(LaunchVariables.LogLevel);
        if (LogLevelNames.TryParse(name, out var level))
            levels.Set(level);
        else if (!string.IsNullOrEmpty(name))
            launch.Tell($"[WARN] The host asks for the log level '{name}' ({LaunchVariables.LogLevel}), which is none of .NET's; the plugin keeps its own.");
        return levels;
    }
}
