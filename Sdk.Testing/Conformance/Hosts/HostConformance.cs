using Plugwire.Testing.Conformance.Hosts;
using Plugwire.Testing.Conformance.Revisions;
using Plugwire.Testing.Conformance.Running;
using Plugwire.Testing.Conformance.Selecting;

namespace Plugwire.Testing;

/// <summary>
/// Looks at a host, in whatever language it is written, from outside: a command that starts one plugin, calls it and stops it is run once for each case, with a plugin that misbehaves in one way.
/// Looked at are what the command ends with and when, what its plugin gets to see, how much memory it takes and what it leaves behind. See <c>docs/program-conformance.md</c> for what the command does.
/// </summary>
public static class HostConformance
{
    /// <summary>What stands in a command's arguments for the path of the plugin's program.</summary>
    public const string PluginPlaceholder = "{plugin}";

    /// <summary>The environment variable in which a command finds the same path.</summary>
    public const string PluginVariable = "PLUGWIRE_CONFORMANCE_PLUGIN";

    private const string Suite = "host";

    /// <summary>All cases, in the order in which a report has them.</summary>
    public static IReadOnlyList<ConformanceCase> Cases { get; } = [.. HostChecks.All.Select(check => check.Case)];

    /// <summary>The revisions of the requirements, the latest last. What one of them requires does not change any more.</summary>
    public static IReadOnlyList<string> Revisions { get; } = RequirementSet.Revisions(Suite);

    /// <summary>Runs all cases of a revision.</summary>
    /// <param name="fileName">
    /// The command's program: an executable, a <c>.dll</c>, a <c>.py</c> or a <c>.js</c>, or the name of one on the search path. It starts in the current directory, where a path that is not absolute
    /// begins as well, with this process's environment but for directories for temporary files of its own.
    /// </param>
    /// <param name="arguments">The command's arguments; <see cref="PluginPlaceholder"/> in one of them becomes the path of the plugin's program.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Ends the run; nothing of the command and its plugins is left.</param>
    /// <returns>What became of each case. A failing case is no exception: see <see cref="ConformanceReport.EnsurePassed"/>. A command that cannot be started shows as harness errors.</returns>
    /// <exception cref="ArgumentException">The file name is empty, an option cannot be used, there is no such revision, no case passes the filter, or the program that plays the plugins is not found.</exception>
    /// <exception cref="PlatformNotSupportedException">This is Windows.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<ConformanceReport> RunAsync(
        string fileName, IEnumerable<string> arguments, HostConformanceOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        ArgumentNullException.ThrowIfNull(arguments);
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("Hosts are looked at on Linux and macOS: what plugins do to them here, such as freezing and ignoring signals, Windows does not have.");

        options ??= new HostConformanceOptions();
        options.Validate();
        var selection = CaseSelection<HostSubject>.Of(Suite, HostChecks.All, options.Revision, options.Filter);
        var subject = new HostSubject(fileName, [.. arguments], PluginProgram.Find(options.PluginProgram), options);
        var run = new ConformanceRun(Suite, subject.ToString(), selection.Revision, options.CaseTimeout, options.Parallelism);
        return await run.RunAsync(subject, selection.Checks, cancellationToken).ConfigureAwait(false);
    }
}
