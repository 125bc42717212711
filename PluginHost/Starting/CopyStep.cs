using Microsoft.Extensions.Logging;
using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Integrity;
using Plugwire.Hosting.Launching;
using Plugwire.Hosting.Launching.Posix;

namespace Plugwire.Hosting.Starting;

/// <summary>Puts a private copy in the place of a plugin's files, where the options ask for one: what is started then lies in the launch directory.</summary>
internal static partial class CopyStep
{
    // Threads of their own: a large plugin, or one on a slow disk, holds up no other's start.
    private static readonly LaunchThreads Threads = new();

    /// <param name="options">Those of the start.</param>
    /// <param name="directory">The launch's, with which the copy goes.</param>
    /// <param name="budget">That of the start.</param>
    /// <param name="attempt">Who fails.</param>
    /// <param name="logger">Told what is run.</param>
    /// <returns>What is to be started in place of what the options name.</returns>
    /// <exception cref="PluginIntegrityException">The plugin's files are not those of its manifest.</exception>
    /// <exception cref="PluginStartException">They could not be copied.</exception>
    public static Task<PluginCommand> RunAsync(PluginOptions options, LaunchDirectory directory, StartBudget budget, PluginStartAttempt attempt, ILogger logger) =>
        budget.RunInSystemAsync(
            PluginStartStage.Copy, "a private copy of the plugin's files.",
            token => Threads.RunAsync(() => Copy(options, directory, attempt, logger, token), token));

    private static PluginCommand Copy(PluginOptions options, LaunchDirectory directory, PluginStartAttempt attempt, ILogger logger, CancellationToken cancellationToken)
    {
        var program = Path.GetFullPath(options.FileName, AppContext.BaseDirectory);
        var source = options.Integrity.Directory is { } named ? Path.GetFullPath(named, AppContext.BaseDirectory) : Path.GetDirectoryName(program)!;
        var check = new IntegrityCheck(attempt);
        var manifest = check.GetManifest(options.Integrity);
        var copy = PrivateCopy.Make(source, directory.Path, manifest, check, cancellationToken);
        if (manifest is null)
            Log.Copied(logger, attempt.PluginName, copy, source);
        else
            Log.CopiedAsListed(logger, attempt.PluginName, copy, source, manifest.Sha256);

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

    private static partial class Log
    {
        [LoggerMessage(83, LogLevel.Debug, "Plugin '{Plugin}' is run from {Copy}, a copy of {Source}.")]
        public static partial void Copied(ILogger logger, string plugin, string copy, string source);

        [LoggerMessage(84, LogLevel.Information, "Plugin '{Plugin}' is run from {Copy}, a copy of {Source} as the manifest with the SHA-256 {Sha256} has it.")]
        public static partial void CopiedAsListed(ILogger logger, string plugin, string copy, string source, string sha256);
    }
}
