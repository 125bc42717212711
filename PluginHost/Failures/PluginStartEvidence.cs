namespace Plugwire.Hosting.Failures;

/// <summary>What the process left behind.</summary>
/// <param name="ExitCode">Null when it still runs, or when a signal ended it.</param>
/// <param name="Signal">Null when no signal ended it.</param>
/// <param name="StandardErrorTail">The last that it wrote to standard error.</param>
/// <param name="StandardOutput">The first that it wrote to standard output.</param>
internal sealed record PluginStartEvidence(int? ExitCode = null, int? Signal = null, string StandardErrorTail = "", string StandardOutput = "")
{
    public static readonly PluginStartEvidence None = new();
}
