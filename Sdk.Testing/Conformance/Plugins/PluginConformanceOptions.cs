using Plugwire.Wire.Launching;

namespace Plugwire.Testing;

/// <summary>How a plugin's conformance is looked at. Read once, when the run begins.</summary>
public sealed class PluginConformanceOptions
{
    /// <summary>The plugin's own arguments, before which nothing stands. Empty by default.</summary>
    public IList<string> Arguments { get; } = [];

    /// <summary>Environment variables for the plugin, beside the few that any plugin gets of this process and those of the launch. Empty by default.</summary>
    public IDictionary<string, string> EnvironmentVariables { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The environment variable of the plugin's cookie. Default: the one of applications that choose none.</summary>
    public string CookieKey { get; set; } = LaunchVariables.DefaultCookieKey;

    /// <summary>What the plugin expects in it. Default: the one of applications that choose none.</summary>
    public string CookieValue { get; set; } = LaunchVariables.DefaultCookieValue;

    /// <summary>All protocol versions of the application that the plugin speaks. Default: 1 alone.</summary>
    public IList<int> ProtocolVersions { get; } = [1];

    /// <summary>Only the cases whose id is this, or begins with this and a dot; null for all.</summary>
    public string? Filter { get; set; }

    /// <summary>The revision of the requirements, one of <see cref="PluginConformance.Revisions"/>; null for the latest.</summary>
    public string? Revision { get; set; }

    /// <summary>Whether a plugin fails that does not serve the conformance contract when it is started with <c>--conformance</c>. Default: false, and the cases that need the contract are skipped.</summary>
    public bool RequireContract { get; set; }

    /// <summary>How long one case may take, all of it, by the system's clock. Default: 60 s.</summary>
    public TimeSpan CaseTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the plugin may take to end when it was asked to, by whatever means. Default: 5 s, as with Plugwire's hosts; those of go-plugin kill after 2 s.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the plugin may take for what it does at once as a rule: to see that a call was cancelled, to pass a line of its log on. Default: 5 s.</summary>
    public TimeSpan ReactionTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many cases run side by side, each with a process of its own. Default: as many as there are processors, but at most 4.</summary>
    public int Parallelism { get; set; } = Math.Min(Environment.ProcessorCount, 4);

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(CookieKey);
        ArgumentException.ThrowIfNullOrEmpty(CookieValue);
        if (ProtocolVersions.Count == 0 || ProtocolVersions.Any(version => version < 0))
            throw new ArgumentException($"{nameof(ProtocolVersions)} must name at least one version, and none may be negative.");
        if (CaseTimeout <= TimeSpan.Zero)
            throw new ArgumentException($"{nameof(CaseTimeout)} must be more than zero: {CaseTimeout} is not.");
        if (StopTimeout <= TimeSpan.Zero)
            throw new ArgumentException($"{nameof(StopTimeout)} must be more than zero: {StopTimeout} is not.");
        if (ReactionTimeout <= TimeSpan.Zero)
            throw new ArgumentException($"{nameof(ReactionTimeout)} must be more than zero: {ReactionTimeout} is not.");
        if (Parallelism < 1)
            throw new ArgumentException($"{nameof(Parallelism)} must be at least 1: {Parallelism} is not.");
    }
}
