using Plugwire.Hosting.Reporting;

namespace Plugwire.Hosting;

/// <summary>The report of a plugin's end.</summary>
public sealed record PluginExit
{
    internal PluginExit()
    {
    }

    /// <summary>The name of the plugin.</summary>
    public required string PluginName { get; init; }

    /// <summary>The process that ran the plugin.</summary>
    public required int ProcessId { get; init; }

    /// <summary>Why it ended.</summary>
    public required PluginExitReason Reason { get; init; }

    /// <summary>How far the host had to go to end it.</summary>
    public required PluginStopStep StopStep { get; init; }

    /// <summary>The exit code of its process; null when a signal ended it, or when the system has not confirmed its end within the budget.</summary>
    public required int? ExitCode { get; init; }

    /// <summary>The number of the signal that ended its process; null when none did.</summary>
    public required int? Signal { get; init; }

    /// <summary>The last that it wrote to its standard error, at most 8 KiB; empty when it wrote nothing.</summary>
    public required string StandardErrorTail { get; init; }

    /// <summary>How long it ran, from the beginning of its process.</summary>
    public required TimeSpan Uptime { get; init; }

    /// <summary>Whether the host asked it to end: some plugins cannot be asked, and end with the signal in order.</summary>
    internal bool WasAsked { get; init; }

    /// <summary>When the host has failed so that nothing more is known.</summary>
    internal static PluginExit OfFailedHost(string pluginName, int processId) => new()
    {
        PluginName = pluginName,
        ProcessId = processId,
        Reason = PluginExitReason.HostFailed,
        StopStep = PluginStopStep.None,
        ExitCode = null,
        Signal = null,
        StandardErrorTail = "",
        Uptime = TimeSpan.Zero,
    };

    /// <summary>The report as a sentence, with the last line of standard error.</summary>
    public override string ToString() => ExitSentence.Of(this);
}
