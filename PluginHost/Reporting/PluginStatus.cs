using Plugwire.Hosting.Reporting;

namespace Plugwire.Hosting;

/// <summary>All there is to know about a plugin at one moment. It does not change.</summary>
public sealed record PluginStatus
{
    internal PluginStatus()
    {
    }

    /// <summary>The plugin's name.</summary>
    public required string PluginName { get; init; }

    /// <summary>Where it stands.</summary>
    public required PluginState State { get; init; }

    /// <summary>The number of its start, counted from 1: of the one that goes on, or else of the last.</summary>
    public required int Launch { get; init; }

    /// <summary>The step of the start that goes on; null when none does.</summary>
    public PluginStartStage? StartStage { get; init; }

    /// <summary>Its process; null when none runs, or none that has been started in full.</summary>
    public int? ProcessId { get; init; }

    /// <summary>Its health, while it is <see cref="PluginState.Ready"/> or <see cref="PluginState.Unresponsive"/>.</summary>
    public PluginHealth Health { get; init; }

    /// <summary>What is the matter with its health, as a sentence; null when nothing is.</summary>
    public string? HealthProblem { get; init; }

    /// <summary>
    /// How many handlers run on in the plugin though their calls are over, cancelled or too late, because they do not heed their tokens; as of its last answer to the question for its health. Only plugins made
    /// with Plugwire tell.
    /// </summary>
    public int DeafHandlers { get; init; }

    /// <summary>How long the host waits, from the beginning of <see cref="PluginState.BackingOff"/> on, until it starts the plugin again; null in all other states.</summary>
    public TimeSpan? NextStartIn { get; init; }

    /// <summary>How the last launch ended, of whatever kind the end was; null before the first has.</summary>
    public PluginExit? LastExit { get; init; }

    /// <summary>What went wrong so far, the last first; at most 16.</summary>
    public IReadOnlyList<PluginFault> Faults { get; init; } = [];

    /// <summary>The status as a sentence.</summary>
    public override string ToString() => StatusSentence.Of(this);
}
