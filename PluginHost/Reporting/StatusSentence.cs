using System.Globalization;

namespace Plugwire.Hosting.Reporting;

/// <summary>How a person is told where a plugin stands.</summary>
internal static class StatusSentence
{
    public static string Of(PluginStatus status) => status.State switch
    {
        PluginState.Starting => status.StartStage is { } stage
            ? Invariant($"Plugin '{status.PluginName}' is starting, for the {Ordinal(status.Launch)} time: {stage}.")
            : Invariant($"Plugin '{status.PluginName}' is about to start, for the {Ordinal(status.Launch)} time."),
        PluginState.Ready => Invariant($"Plugin '{status.PluginName}' (process {status.ProcessId}) runs.") + Problem(status),
        PluginState.Unresponsive => Invariant($"Plugin '{status.PluginName}' (process {status.ProcessId}) does not answer.") + Problem(status),
        PluginState.Draining => Invariant($"Plugin '{status.PluginName}' (process {status.ProcessId}) is ending."),
        PluginState.Stopped => $"Plugin '{status.PluginName}' has ended." + Last(status.LastExit),
        PluginState.BackingOff => Invariant($"Plugin '{status.PluginName}' is started again {ExitSentence.Format(status.NextStartIn.GetValueOrDefault())} after its end.") + Last(status),
        PluginState.Quarantined =>
            $"Plugin '{status.PluginName}' is in quarantine: it has ended too often, and is not started again until RestartAsync is called. {History(status.Faults)}",
        _ => $"Plugin '{status.PluginName}' has ended and is not started again." + Last(status),
    };

    private static string Problem(PluginStatus status) => status.HealthProblem is { } problem ? " " + problem : "";

    private static string Last(PluginExit? exit) => exit is null ? "" : " " + exit;

    private static string Last(PluginStatus status) => status.Faults is [var last, ..] ? " " + last : "";

    private static string History(IReadOnlyList<PluginFault> failures) => failures.Count == 1
        ? $"What happened: {failures[0]}"
        : Invariant($"What happened, the last of {failures.Count} first: {string.Join(" / ", failures.Take(4))}");

    private static string Ordinal(int number) => number switch
    {
        1 => "first",
        2 => "second",
        3 => "third",
        _ => Invariant($"{number}th"),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
