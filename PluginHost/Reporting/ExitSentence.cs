using System.Globalization;
using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Launching;

namespace Plugwire.Hosting.Reporting;

/// <summary>How a person is told that a plugin has ended.</summary>
internal static class ExitSentence
{
    private const int LongestQuote = 300;
    private const string LostItsConnection = "lost its connection to the host, which ended it";
    private const string DidNotAnswer = "no longer answered its host, or did not serve for too long, and was ended";

    public static string Of(PluginExit exit)
    {
        var what = exit.Reason switch
        {
            PluginExitReason.Stopped => "was stopped by its host",
            PluginExitReason.Disconnected => LostItsConnection,
            PluginExitReason.Unresponsive => DidNotAnswer,
            PluginExitReason.HostFailed => "was ended by its host, which failed while it looked after it",
            _ => exit switch
            {
                { Signal: { } signal } => $"was ended by {SignalName.Of(signal)}",
                { ExitCode: { } code } => Invariant($"exited with code {code}"),
                _ => "ended",
            },
        };
        return Compose(exit.PluginName, exit.ProcessId, what, exit.Uptime, exit.StandardErrorTail);
    }

    /// <summary>For calls that were going on when the process ended by itself.</summary>
    public static string Of(string pluginName, int processId, ChildExit exit, TimeSpan uptime, string standardErrorTail) => Compose(
        pluginName, processId, exit.Signal is { } signal ? $"was ended by {SignalName.Of(signal)}" : exit.ToString(), uptime, standardErrorTail);

    public static string OfStop(string pluginName, int processId) => Invariant($"Plugin '{pluginName}' (process {processId}) was stopped by its host.");

    public static string OfLeave(string pluginName, int processId) => Invariant($"Plugin '{pluginName}' (process {processId}) is stopping and takes no more calls.");

    public static string OfCutOff(string pluginName, int processId) =>
        Invariant($"Plugin '{pluginName}' (process {processId}) {LostItsConnection}.");

    public static string OfGiveUp(string pluginName, int processId) =>
        Invariant($"Plugin '{pluginName}' (process {processId}) {DidNotAnswer}.");

    public static string OfLostConnection(string pluginName, int processId, Exception? cause) =>
        Invariant($"The connection to plugin '{pluginName}' (process {processId}) was lost, though its process runs")
        + (cause is null ? "." : $": {cause.Message}");

    private static string Compose(string pluginName, int processId, string what, TimeSpan uptime, string standardErrorTail)
    {
        var sentence = Invariant($"Plugin '{pluginName}' (process {processId}) {what} after {Format(uptime)}");
        return LastLine(standardErrorTail) is { } last ? $"{sentence}; its last words on standard error: {last}" : sentence + ".";
    }

    private static string? LastLine(string tail)
    {
        var line = PrintableText.Of(tail).Split('\n').LastOrDefault(line => !string.IsNullOrWhiteSpace(line))?.Trim();
        return line?.Length > LongestQuote ? line[..LongestQuote] + "…" : line;
    }

    /// <summary>A time as one reads it: in milliseconds where it is shorter than a second.</summary>
    internal static string Format(TimeSpan uptime) => uptime < TimeSpan.FromSeconds(1)
        ? Invariant($"{uptime.TotalMilliseconds:0} ms")
        : Invariant($"{uptime.TotalSeconds:0.0} s");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
