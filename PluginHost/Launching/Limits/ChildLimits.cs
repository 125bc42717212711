namespace Plugwire.Hosting.Launching.Limits;

/// <summary>All that a child is held to, from the options and the profile together.</summary>
internal sealed record ChildLimits
{
    /// <summary>Enough for a plugin with its connections and its assemblies, and an end to a leak before it is the machine's.</summary>
    public const int HardenedOpenFiles = 1024;

    public static readonly ChildLimits None = new();

    // Linux's numbers, the same on all processors that .NET runs on.
    private const int CoreResource = 4;
    private const int OpenFilesResource = 7;

    // Not zero: where the system pipes dumps into a program, the kernel leaves out the one limit of 1, and hands everything else over. In a file no dump fits into a byte either.
    private const long NoCore = 1;

    public IReadOnlyList<ResourceLimit> Resources { get; init; } = [];

    /// <summary>Added to the host's own.</summary>
    public int OomScoreAdjustment { get; init; }

    /// <summary>Whether programs with set-user-id give the child and its descendants no more rights than it has.</summary>
    public bool NoNewPrivileges { get; init; }

    public static ChildLimits Of(PluginLimitOptions limits, bool hardened)
    {
        var resources = new List<ResourceLimit>();
        if (!limits.CoreDumps || hardened)
            resources.Add(new ResourceLimit(nameof(PluginLimitOptions.CoreDumps), CoreResource, NoCore));
        if ((limits.OpenFiles ?? (hardened ? HardenedOpenFiles : null)) is { } openFiles)
            resources.Add(new ResourceLimit(nameof(PluginLimitOptions.OpenFiles), OpenFilesResource, openFiles));
        return new ChildLimits { Resources = resources, OomScoreAdjustment = limits.OomScoreAdjustment, NoNewPrivileges = hardened };
    }
}
