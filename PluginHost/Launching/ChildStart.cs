using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Plugwire.Hosting.Launching.Limits;

namespace Plugwire.Hosting.Launching;

/// <summary>All that a child is started from; nothing is added to it.</summary>
internal sealed record ChildStart
{
    /// <summary>The program, as an absolute path.</summary>
    public required string FileName { get; init; }

    /// <summary>Without the program's own name.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>An absolute path; null for the host's.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Complete and final. The variable <c>PLUGWIRE_LAUNCH_ID</c> in it is the mark by which the child's descendants are found and killed.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The launch's own directory, which goes with the child when the host is killed; null for none.</summary>
    public string? LaunchDirectory { get; init; }

    /// <summary>What the child is held to from its first moments.</summary>
    public ChildLimits Limits { get; init; } = ChildLimits.None;

    /// <summary>Where it is said what a kill left behind, and which limit could not be set.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
