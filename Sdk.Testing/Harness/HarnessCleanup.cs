using System.Globalization;
using System.Text;
using Plugwire.Hosting;
using Plugwire.Testing.Leaks;

namespace Plugwire.Testing.Harness;

/// <summary>The end of a harness: everything of it is ended, in order and within a limit, and whatever should not have been there is found.</summary>
internal sealed class HarnessCleanup(Plugin plugin, PluginHarnessOptions options, HarnessRun run, LaunchRoot root, OpenCalls calls, RecordedLogs logs)
{
    // What comes after the stop's own limit: the kill, and the end of connections and pipes.
    private static readonly TimeSpan AfterTheKill = TimeSpan.FromSeconds(30);

    /// <summary>Never throws.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public async Task<string?> RunAsync()
    {
        List<string> left = [.. calls.Describe()];
        left.AddRange(await StopAsync().ConfigureAwait(false));
        left.AddRange(await run.EndAsync().ConfigureAwait(false));
        left.AddRange(await root.EndAsync().ConfigureAwait(false));
        logs.Dispose();
        left.AddRange(FindErrors());
        return left.Count == 0 ? null : Describe(left);
    }

    private async Task<IEnumerable<string>> StopAsync()
    {
        using var patience = new CancellationTokenSource(options.StopLimit, TimeProvider.System);
        var stop = plugin.StopAsync(patience.Token);
        await ((Task)stop).WaitAsync(options.StopLimit + AfterTheKill, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return stop.IsCompletedSuccessfully
            ? FindMistakes(await stop.ConfigureAwait(false))
            : [string.Create(CultureInfo.InvariantCulture, $"the host's stop has not ended within {(options.StopLimit + AfterTheKill).TotalSeconds:0} s, though the plugin was killed.")];
    }

    private static IEnumerable<string> FindMistakes(PluginExit exit)
    {
        switch (exit.StopStep)
        {
            case PluginStopStep.Terminate when exit.WasAsked:
                yield return $"the plugin did not stop when it was asked to, and took the terminate signal. {exit}";
                break;
            case PluginStopStep.Kill:
                yield return $"the plugin did not stop{(exit.WasAsked ? " when it was asked to" : "")}, and had to be killed. {exit}";
                break;
            case PluginStopStep.Shutdown when exit.ExitCode != 0:
                yield return string.Create(CultureInfo.InvariantCulture, $"the plugin stopped when it was asked to, but ended with {(exit.ExitCode is { } code ? $"exit code {code}" : $"signal {exit.Signal}")}. {exit}");
                break;
        }
    }

    private IEnumerable<string> FindErrors()
    {
        try
        {
            return [.. logs.UnexpectedErrors.Select(error => $"an error was logged that the test has not allowed ({nameof(PluginHarness.Logs)}.{nameof(RecordedLogs.AllowErrors)}): {error}")];
        }
        catch (Exception failure)
        {
            return [$"a predicate of {nameof(RecordedLogs.AllowErrors)} has thrown: {failure}"];
        }
    }

    private string Describe(List<string> left)
    {
        var text = new StringBuilder($"The harness of the plugin '{plugin.Name}' ({options.Way}) should leave nothing behind, and this is wrong:");
        foreach (var one in left)
            text.AppendLine().Append("  - ").Append(one);
        return text.ToString();
    }
}
