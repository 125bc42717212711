using System.Collections.Concurrent;
using System.Diagnostics;

namespace Plugwire.Testing.Harness;

/// <summary>Builds of projects, each once.</summary>
internal static class ProjectBuild
{
    // A first build restores packages.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private static readonly ConcurrentDictionary<(string, string), Lazy<Task<string>>> Builds = new();

    /// <summary>The assembly that the project makes, after it has been built.</summary>
    public static Task<string> TargetOfAsync(string projectFile, string configuration) =>
        Builds.GetOrAdd((projectFile, configuration), static key => new Lazy<Task<string>>(() => BuildAsync(key.Item1, key.Item2))).Value;

    private static async Task<string> BuildAsync(string projectFile, string configuration)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";

        // No servers: they would outlive the test, and hold its pipes open.
        var info = new ProcessStartInfo(
            dotnet, ["build", projectFile, "-c", configuration, "-nologo", "-v:quiet", "-nodeReuse:false", "-p:UseSharedCompilation=false", "-t:Build", "-getProperty:TargetPath"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(projectFile),
        };
        info.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";

        // The tests may themselves run below a build, whose engine is not this one's.
        foreach (var inherited in info.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToArray())
            info.Environment.Remove(inherited);

        using var process = Process.Start(info)!;
        using var late = new CancellationTokenSource(Limit, TimeProvider.System);
        var output = process.StandardOutput.ReadToEndAsync(late.Token);
        var error = process.StandardError.ReadToEndAsync(late.Token);
        try
        {
            await process.WaitForExitAsync(late.Token).ConfigureAwait(false);
            await Task.WhenAll(output, error).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new ExpectationException($"The project '{projectFile}' was to be built ({configuration}), and the build has not ended within {Limit.TotalMinutes:0} minutes.");
        }

        var said = await output.ConfigureAwait(false);
        if (process.ExitCode != 0)
            throw new ExpectationException($"The project '{projectFile}' was to be built ({configuration}), and the build ended with code {process.ExitCode}:{Environment.NewLine}{said}{await error.ConfigureAwait(false)}");

        var target = said.Trim();
        return File.Exists(target) && File.Exists(Path.ChangeExtension(target, ".runtimeconfig.json"))
            ? target
            : throw new ExpectationException($"The project '{projectFile}' was to make a program, and makes '{target}': a plugin's project is one of OutputType Exe for one target framework.");
    }
}
