using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Integrity;
using Plugwire.Hosting.Launching;
using Plugwire.Hosting.Launching.Posix;

namespace Plugwire.Hosting.Starting;

/// <summary>Puts a private copy in the place of a plugin's files, where the options ask for one: what is started then lies in the launch directory.</summary>
internal static class CopyStep
{
    // Threads of their own: a large plugin, or one on a slow disk, holds up no other's start.
    private static readonly LaunchThreads Threads = new();

    /// <param name="options">Those of the start.</param>
    /// <param name="directory">The launch's, with which the copy goes.</param>
    /// <param name="budget">That of the start.</param>
    /// <param name="attempt">Who fails.</param>
    /// <returns>What is to be started in place of what the options name.</returns>
    /// <exception cref="PluginIntegrityException">The plugin's files are not those of its manifest.</exception>
    /// <exception cref="PluginStartException">They could not be copied.</exception>
    public static Task<PluginCommand> RunAsync(PluginOptions options, LaunchDirectory directory, StartBudget budget, PluginStartAttempt attempt) =>
        budget.RunInSystemAsync(
            PluginStartStage.Copy, "a private copy of the plugin's files.",
            token => Threads.RunAsync(() => Copy(options, directory, attempt, token), token));

    private static PluginCommand Copy(PluginOptions options, LaunchDirectory directory, PluginStartAttempt attempt, CancellationToken cancellationToken)
    {
        var program = Path.GetFullPath(options.FileName, AppContext.BaseDirectory);
        var source = options.Integrity.Directory is { } named ? Path.GetFullPath(named, AppContext.BaseDirectory) : Path.GetDirectoryName(program)!;
        var check = new IntegrityCheck(attempt);
        var manifest = check.GetManifest(options.Integrity);
        var copy = PrivateCopy.Make(source, directory.Path, manifest, check, cancellationToken);
        var path = Path.GetRelativePath(source, program);
        var copied = Path.Combine(copy, path);
        try
        {
            // Looked at once more, because what is decided by a file's first line and its mode is to be decided by the copy's.
            return options.Runner.Resolve(copied, [.. options.Arguments], attempt) with { ProgramDirectory = Path.GetDirectoryName(copied) };
        }
        catch (PluginStartException refusal) when (refusal.Reason == PluginStartReason.NotExecutable && manifest is not null)
        {
            throw check.NotExecutable(path, refusal);
        }
    }
}
