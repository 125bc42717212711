using System.Text;
using Microsoft.Extensions.Logging;
using Plugwire.Hosting.Failures;

namespace Plugwire.Hosting.Output;

/// <summary>
/// Makes a log entry of a line on a plugin's standard error. Every line makes one: what is not a log line in JSON is plain text, at the level that a prefix such as <c>[WARN]</c>
/// names, or at Error from the first line of a crash on, or else at Information: go-plugin says Debug, and so nobody saw a crash.
/// </summary>
internal sealed class PluginLogParser
{
    private static readonly (string Prefix, LogLevel Level)[] Prefixes =
    [
        ("[TRACE]", LogLevel.Trace),
        ("[DEBUG]", LogLevel.Debug),
        ("[INFO]", LogLevel.Information),
        ("[WARN]", LogLevel.Warning),
        ("[ERROR]", LogLevel.Error),
    ];

    private static ReadOnlySpan<byte> WhiteSpace => " \t\r"u8;

    private static readonly string[] CrashBeginnings = ["panic: ", "fatal error: ", "Unhandled exception."];

    private bool _crashed;

    /// <summary>Whether a line holds nothing but white space.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> line) => line.Trim(WhiteSpace).IsEmpty;

    /// <summary>Never throws, whatever the bytes are. Null for a line of nothing but white space.</summary>
    public PluginLogEntry? Parse(ReadOnlySpan<byte> line)
    {
        var trimmed = line.Trim(WhiteSpace);
        if (trimmed.IsEmpty)
            return null;

        return StructuredLogLine.TryParse(trimmed) ?? ParsePlain(Encoding.UTF8.GetString(line.TrimEnd("\r"u8)));
    }

    /// <summary>Passes over a line that makes no entry; what follows a crash is an error all the same.</summary>
    public void Skip(ReadOnlySpan<byte> line)
    {
        if (_crashed || line.Length == 0 || line[0] is not ((byte)'p' or (byte)'f' or (byte)'U'))
            return;

        foreach (var beginning in CrashBeginnings)
            _crashed |= line.StartsWith(Encoding.UTF8.GetBytes(beginning));
    }

    private PluginLogEntry ParsePlain(string line)
    {
        foreach (var (prefix, level) in Prefixes)
        {
            if (line.StartsWith(prefix, StringComparison.Ordinal))
                return new PluginLogEntry(level, PrintableText.Of(line[prefix.Length..].TrimStart()));
        }

        _crashed = _crashed || CrashBeginnings.Any(beginning => line.StartsWith(beginning, StringComparison.Ordinal));
        return new PluginLogEntry(_crashed ? LogLevel.Error : LogLevel.Information, PrintableText.Of(line));
    }
}
