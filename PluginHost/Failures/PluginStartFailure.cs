namespace Plugwire.Hosting.Failures;

/// <summary>All that a <see cref="PluginStartException"/> tells.</summary>
internal sealed record PluginStartFailure
{
    public required string PluginName { get; init; }

    public required PluginStartStage Stage { get; init; }

    public required PluginStartReason Reason { get; init; }

    public required TimeSpan Elapsed { get; init; }

    /// <summary>What the step needed, as a sentence; null when <see cref="Found"/> says it all.</summary>
    public string? Expected { get; init; }

    /// <summary>What was there instead, as a sentence.</summary>
    public required string Found { get; init; }

    /// <summary>More of <see cref="Found"/>, in lines of their own, which can be shown as they are; null for none.</summary>
    public string? Table { get; init; }

    /// <summary>What the reader can do about it, as a sentence; null when the rest says it.</summary>
    public string? Advice { get; init; }

    public PluginStartEvidence Evidence { get; init; } = PluginStartEvidence.None;
}
