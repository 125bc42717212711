namespace Plugwire.Testing.Conformance.Plugins;

/// <summary>How a case wants the plugin to be launched; as a host does where nothing is said.</summary>
internal sealed record SubjectLaunch
{
    public static SubjectLaunch AsHostsDo { get; } = new();

    /// <summary>In its conformance mode.</summary>
    public static SubjectLaunch InConformanceMode { get; } = new() { Arguments = ["--conformance"] };

    /// <summary>After the plugin's own.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Variables that differ from a host's; null takes one away.</summary>
    public IReadOnlyDictionary<string, string?> Variables { get; init; } = new Dictionary<string, string?>();

    /// <summary>The application's versions that the host offers; null for those that the plugin speaks.</summary>
    public string? Versions { get; init; }

    /// <summary>Whether the end of standard input means the end of the host.</summary>
    public bool HasLifeline { get; init; }
}
