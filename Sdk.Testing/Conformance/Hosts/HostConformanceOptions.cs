using Plugwire.Wire.Launching;

namespace Plugwire.Testing;

/// <summary>How a host's conformance is looked at. Read once, when the run begins.</summary>
public sealed class HostConformanceOptions
{
    private const long MiB = 1024 * 1024;

    /// <summary>
    /// The program that plays the plugins: <c>plugwire-conformance</c>, of the package <c>Plugwire.Sdk.Testing.Command</c>, in the version of this package. A path, or a name on the search path. Null,
    /// the default, is that name, on the search path or where <c>dotnet tool install --global</c> puts it.
    /// </summary>
    public string? PluginProgram { get; set; }

    /// <summary>Environment variables for the command, over those of this process. Empty by default.</summary>
    public IDictionary<string, string> EnvironmentVariables { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The environment variable of the host's cookie. Default: the one of applications that choose none.</summary>
    public string CookieKey { get; set; } = LaunchVariables.DefaultCookieKey;

    /// <summary>What the host's plugins expect in it. Default: the one of applications that choose none.</summary>
    public string CookieValue { get; set; } = LaunchVariables.DefaultCookieValue;

    /// <summary>Only the cases whose id is this, or begins with this and a dot; null for all.</summary>
    public string? Filter { get; set; }

    /// <summary>The revision of the requirements, one of <see cref="HostConformance.Revisions"/>; null for the latest.</summary>
    public string? Revision { get; set; }

    /// <summary>Whether a host fails that ends well without the call of <c>plugwire.conformance.v1.Conformance/Echo</c>. Default: false, and the cases that happen in the call are skipped.</summary>
    public bool RequireCall { get; set; }

    /// <summary>How long one case may take, all of it, by the system's clock. Default: 3 minutes.</summary>
    public TimeSpan CaseTimeout { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>How long the host may take to give up a plugin that does not come to serve: its own limit, and a little more. Default: 75 s, as go-plugin's hosts wait for 60 s.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(75);

    /// <summary>How long the host may take to stop a plugin that does not end by itself, and to end. Default: 15 s.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the host may take for what it does at once as a rule: to see that its plugin has died, to read what it prints. Default: 10 s.</summary>
    public TimeSpan ReactionTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>By how many bytes the host's memory may grow while its plugin floods it, with up to 256 MiB. Default: 96 MiB.</summary>
    public long MemoryGrowthLimit { get; set; } = 96 * MiB;

    /// <summary>How many cases run side by side, each with a host and a plugin of its own. Default: as many as there are processors, but at most 4.</summary>
    public int Parallelism { get; set; } = Math.Min(Environment.ProcessorCount, 4);

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(CookieKey);
        ArgumentException.ThrowIfNullOrEmpty(CookieValue);
        RequireTime(CaseTimeout, nameof(CaseTimeout));
        RequireTime(StartTimeout, nameof(StartTimeout));
        RequireTime(StopTimeout, nameof(StopTimeout));
        RequireTime(ReactionTimeout, nameof(ReactionTimeout));
        if (MemoryGrowthLimit < 1)
            throw new ArgumentException($"{nameof(MemoryGrowthLimit)} must be at least 1: {MemoryGrowthLimit} is not.");
        if (Parallelism < 1)
            throw new ArgumentException($"{nameof(Parallelism)} must be at least 1: {Parallelism} is not.");
    }

    private static void RequireTime(TimeSpan time, string name)
    {
        if (time <= TimeSpan.Zero)
            throw new ArgumentException($"{name} must be more than zero: {time} is not.");
    }
}
