using Microsoft.Extensions.Logging;

namespace Plugwire.Logging;

/// <summary>The names of levels, as the launch variable has them and as the log line has them.</summary>
internal static class LogLevelNames
{
    /// <summary>Reads a name of <see cref="LogLevel"/>, in any case.</summary>
    public static bool TryParse(string? name, out LogLevel level)
    {
        level = LogLevel.None;
        foreach (var candidate in (ReadOnlySpan<LogLevel>)[
            LogLevel.Trace, LogLevel.Debug, LogLevel.Information, LogLevel.Warning, LogLevel.Error, LogLevel.Critical, LogLevel.None])
        {
            if (!string.Equals(name, candidate.ToString(), StringComparison.OrdinalIgnoreCase))
                continue;
            level = candidate;
            return true;
        }

        return false;
    }

    /// <summary>The name on the line. go-plugin hosts know no level above error.</summary>
    public static string OnTheLine(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        _ => "error",
    };
}
