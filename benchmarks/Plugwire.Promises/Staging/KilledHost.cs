using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Plugwire.Promises.Staging;

/// <summary>A host in a process of its own, to be killed. It prints its log.</summary>
internal sealed partial class KilledHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Stage _stage;
    private readonly Process _process;
    private readonly Task<string> _errors;

    private KilledHost(Stage stage, Process process)
    {
        _stage = stage;
        _process = process;
        _errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    public static KilledHost Start(Stage stage, string program, params string[] arguments) => new(
        stage, Process.Start(new ProcessStartInfo(Programs.Host, [stage.Root, program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!);

    /// <summary>Waits until it has logged something.</summary>
    /// <returns>The number that stands there behind "process", or 0.</returns>
    public async Task<int> UntilLoggedAsync(string text, CancellationToken cancellationToken)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
                return ProcessId().Match(line) is { Success: true } match ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0;
        }

        throw new InvalidOperationException("The host has ended by itself.");
    }

    public void Kill() => Signals.TrySend(_process.Id, Signals.Kill);

    /// <summary>Kills it and waits until none of its plugins' processes runs.</summary>
    /// <returns>How long that took; and the command lines of those that have survived, which are killed then.</returns>
    public async Task<(TimeSpan Time, IReadOnlyList<string> Survivors)> KillAsync(CancellationToken cancellationToken)
    {
        Kill();
        var time = await _stage.UntilGoneAsync(Patience, cancellationToken);

        // A process that was just being made is seen a moment later.
        await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        if (_stage.Processes().Count > 0)
            await _stage.UntilGoneAsync(Patience, cancellationToken);
        var survivors = _stage.Processes();
        string[] names = [.. survivors.Select(ProcessFiles.CommandLine)];
        foreach (var survivor in survivors)
            Signals.TrySend(survivor, Signals.Kill);
        return (time, names);
    }

    /// <summary>What another host, which starts where the killed one was, does not clear up.</summary>
    public async Task<IReadOnlyList<string>> LeftByTheNextHostAsync(CancellationToken cancellationToken)
    {
        if (_stage.Leftovers().Count == 0)
            return [];

        var next = await _stage.StartAsync(_stage.Faulty(), cancellationToken);
        await next.StopAsync(cancellationToken);
        var began = TimeProvider.System.GetTimestamp();
        while (_stage.Leftovers().Count > 0 && TimeProvider.System.GetElapsedTime(began) < Patience)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        return _stage.Leftovers();
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        await ((Task)_errors).WaitAsync(Patience, TimeProvider.System, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _process.Dispose();
    }

    [GeneratedRegex(@"process (\d+)")]
    private static partial Regex ProcessId();
}
