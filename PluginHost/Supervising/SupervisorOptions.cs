using Microsoft.Extensions.Logging;

namespace Plugwire.Hosting.Supervising;

/// <summary>What holds for a plugin over all its launches.</summary>
internal sealed record SupervisorOptions
{
    public required string PluginName { get; init; }

    public required PluginRestartOptions Restart { get; init; }

    public required PluginHealthOptions Health { get; init; }

    public required TimeProvider TimeProvider { get; init; }

    /// <summary>Never throws.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>A number from 0 to 1 each time.</summary>
    public Func<double> Chance { get; init; } = Random.Shared.NextDouble;
}
