using Plugwire.Testing.Conformance.Plugins;
using Plugwire.Testing.Conformance.Revisions;
using Plugwire.Testing.Conformance.Running;

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
        var set = Select(options.Revision);
        var checks = PluginChecks.All.Where(check => set.Ids.Contains(check.Case.Id) && Passes(check.Case, options.Filter)).ToArray();
        if (checks.Length == 0)
            throw new ArgumentException($"No case of revision {set.Revision} is '{options.Filter}' or begins with it and a dot.", nameof(options));

        var run = new ConformanceRun(Suite, path, set.Revision, options.CaseTimeout, options.Parallelism);
        return await run.RunAsync(new PluginSubject(Path.GetFullPath(path), options), checks, cancellationToken).ConfigureAwait(false);
    }

    private static RequirementSet Select(string? revision)
    {
        var name = revision ?? Revisions[^1];
        return RequirementSet.TryRead(Suite, name, out var set)
            ? set
            : throw new ArgumentException($"There is no revision '{name}' of the requirements for plugins: there are {string.Join(", ", Revisions)}.", nameof(revision));
    }

    private static bool Passes(ConformanceCase item, string? filter) =>
        filter is null || item.Id == filter || item.Id.StartsWith(filter + ".", StringComparison.Ordinal);
}
