using Microsoft.Extensions.Logging.Abstractions;
using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Launching;
using Plugwire.Wire.Launching;

namespace Plugwire.Testing.Conformance.Hosts;

/// <summary>The host whose conformance is looked at: a command, and how it is run.</summary>
internal sealed class HostSubject(string fileName, IReadOnlyList<string> arguments, PluginProgram program, HostConformanceOptions options)
{
    // Short, as sockets lie below it.
    private const string TemporaryName = "t";

    public HostConformanceOptions Options => options;

    /// <summary>Runs the command, with a plugin that plays a role.</summary>
    /// <param name="words">The role.</param>
    /// <param name="variables">More of the command's environment.</param>
    /// <exception cref="Hosting.PluginStartException">There is no such command, or it cannot be started.</exception>
    public async Task<HostRun> LaunchAsync(IReadOnlyList<string> words, IReadOnlyDictionary<string, string> variables)
    {
        var attempt = new PluginStartAttempt(fileName, TimeProvider.System);
        var directory = LaunchDirectory.Create(null, attempt, NullLogger.Instance);
        PluginSightings? sightings = null;
        try
        {
            var plugin = program.Write(directory.Path, words);
            var temporary = Directory.CreateDirectory(Path.Combine(directory.Path, TemporaryName)).FullName;
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(temporary, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            sightings = PluginSightings.Listen(directory.Path);
            var command = PluginCommand.Resolve(
                fileName, [.. arguments.Select(argument => argument.Replace(HostConformance.PluginPlaceholder, plugin, StringComparison.Ordinal))], Environment.CurrentDirectory, attempt);
            var start = new ChildStart
            {
                FileName = command.FileName,
                Arguments = command.Arguments,
                WorkingDirectory = Environment.CurrentDirectory,
                Environment = VariablesOf(plugin, temporary, variables, attempt),
            };
            return new HostRun(await ChildProcess.StartAsync(start, attempt).ConfigureAwait(false), directory, temporary, sightings, options);
        }
        catch
        {
            if (sightings is not null)
                await sightings.DisposeAsync().ConfigureAwait(false);
            await directory.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The command as it was named.</summary>
    public override string ToString() => string.Join(' ', [fileName, .. arguments]);

    private IReadOnlyDictionary<string, string> VariablesOf(string plugin, string temporary, IReadOnlyDictionary<string, string> variables, PluginStartAttempt attempt)
    {
        var own = options.EnvironmentVariables.ToDictionary(variable => variable.Key, string? (variable) => variable.Value, StringComparer.Ordinal);
        var given = new Dictionary<string, string>(variables, StringComparer.Ordinal)
        {
            [HostConformance.PluginVariable] = plugin,
            ["TMPDIR"] = temporary,
            ["XDG_RUNTIME_DIR"] = temporary,

            // By it the command's own processes are found again, should it leave any.
            [LaunchVariables.LaunchId] = Guid.NewGuid().ToString("N"),
        };
        return PluginEnvironment.Create(inheritAll: true, own, given, attempt);
    }
}
