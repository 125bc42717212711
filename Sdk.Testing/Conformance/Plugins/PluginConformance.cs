using Plugwire.Testing.Conformance.Plugins;
using Plugwire.Testing.Conformance.Revisions;
using Plugwire.Testing.Conformance.Running;
using Plugwire.Testing.Conformance.Selecting;

namespace Plugwire.Testing;

/// <summary>
/// Looks at a plugin's program, in whatever language it is written, as its hosts do: whether it keeps to the launch protocol, to gRPC and to what Plugwire adds. Each case starts the
/// program anew and leaves nothing of it behind. A program that serves <c>plugwire.conformance.v1.Conformance</c> when it is started with <c>--conformance</c> is looked at more closely.
/// </summary>
public static class PluginConformance
{
    private const string Suite = "plugin";

    /// <summary>All cases, in the order in which a report has them.</summary>
    public static IReadOnlyList<ConformanceCase> Cases { get; } = [.. PluginChecks.All.Select(check => check.Case)];

    /// <summary>The revisions of the requirements, the latest last. What one of them requires does not change any more.</summary>
    public static IReadOnlyList<string> Revisions { get; } = RequirementSet.Revisions(Suite);

    /// <summary>Runs all cases of a revision.</summary>
    /// <param name="path">The program: an executable, a <c>.dll</c>, a <c>.py</c> or a <c>.js</c>; where it is not absolute, it begins in the current directory.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Ends the run; nothing of the plugin is left.</param>
    /// <returns>What became of each case. A failing case is no exception: see <see cref="ConformanceReport.EnsurePassed"/>. A program that cannot be started shows as harness errors.</returns>
    /// <exception cref="ArgumentException">The path is empty, an option cannot be used, there is no such revision, or no case passes the filter.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<ConformanceReport> RunAsync(string path, PluginConformanceOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new PluginConformanceOptions();
        options.Validate();
        var selection = CaseSelection<PluginSubject>.Of(Suite, PluginChecks.All, options.Revision, options.Filter);
        var run = new ConformanceRun(Suite, path, selection.Revision, options.CaseTimeout, options.Parallelism);
        return await run.RunAsync(new PluginSubject(Path.GetFullPath(path), options), selection.Checks, cancellationToken).ConfigureAwait(false);
    }
}
