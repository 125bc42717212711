using System.Globalization;
using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Launching;
using Plugwire.Hosting.Launching.Posix;
using Plugwire.Testing.Conformance.Roles;
using Plugwire.Testing.Conformance.Running;

namespace Plugwire.Testing.Conformance.Hosts;

/// <summary>One run of the host's command, from its start to its end, and what it and its plugin do. Disposal leaves nothing of them.</summary>
internal sealed class HostRun : IAsyncDisposable
{
    // What a process said before its end is there at once.
    private static readonly TimeSpan RestAfterExit = TimeSpan.FromMilliseconds(500);

    private readonly ChildProcess _host;
    private readonly LaunchDirectory _directory;
    private readonly string _temporary;
    private readonly CapturedOutput _output;
    private readonly CapturedOutput _error;

    public HostRun(ChildProcess host, LaunchDirectory directory, string temporary, PluginSightings plugin, HostConformanceOptions options)
    {
        _host = host;
        _directory = directory;
        _temporary = temporary;
        Plugin = plugin;
        Options = options;
        _output = new CapturedOutput(host.StandardOutput);
        _error = new CapturedOutput(host.StandardError);
    }

    public HostConformanceOptions Options { get; }

    public PluginSightings Plugin { get; }

    /// <summary>How much memory the host has taken at most so far, in bytes; null where the system does not tell.</summary>
    public long? PeakMemory() => HostMemory.PeakOf(_host.Id, [.. Plugin.Processes.Select(process => process.ProcessId)]);

    /// <summary>That the host has not taken much more memory than before.</summary>
    /// <exception cref="CaseFailedException">It has.</exception>
    public void RequireLittleGrowth(long? before, long? after)
    {
        const long MiB = 1024 * 1024;
        if (after - before > Options.MemoryGrowthLimit)
            throw Failure(string.Create(CultureInfo.InvariantCulture, $"The host's memory has grown by {(after - before) / MiB} MiB, and may grow by {Options.MemoryGrowthLimit / MiB} MiB."));
    }

    /// <summary>What lies in the directory for temporary files that the host was given.</summary>
    public IReadOnlyList<string> Leftovers() => [.. Directory.EnumerateFileSystemEntries(_temporary, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(_temporary, path)).Order(StringComparer.Ordinal)];

    /// <summary>Waits until the plugin runs.</summary>
    /// <exception cref="CaseFailedException">The host has not started it.</exception>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var started = Plugin.WaitAsync(ReportWords.Started, cancellationToken);
        var unplayable = Plugin.WaitAsync(ReportWords.Unplayable, cancellationToken);
        await Task.WhenAny(started, unplayable, _host.Exited).ConfigureAwait(false);
        await ((Task)Task.WhenAny(started, unplayable)).WaitAsync(RestAfterExit, TimeProvider.System, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (unplayable.IsCompletedSuccessfully)
            throw new InvalidOperationException($"The program that plays the plugin does not know the role '{await unplayable.ConfigureAwait(false)}': it is not of the version of this kit. Install that.");
        if (cancellationToken.IsCancellationRequested)
            throw Failure("The host has not started its plugin in the time of the case.");
        if (!started.IsCompletedSuccessfully)
            throw Failure($"The host has not started its plugin, whose path is in its arguments for {HostConformance.PluginPlaceholder} and in {HostConformance.PluginVariable}: its command {await _host.Exited.ConfigureAwait(false)}.");
    }

    /// <summary>Waits until the plugin has printed what it prints at its start.</summary>
    public async Task PrintedAsync(CancellationToken cancellationToken)
    {
        await StartedAsync(cancellationToken).ConfigureAwait(false);
        await HearAsync(ReportWords.Printed, "come to print what stands for its handshake", Options.CaseTimeout, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until the host has called its plugin.</summary>
    /// <exception cref="CaseFailedException">It gives the plugin up.</exception>
    /// <exception cref="CaseSkippedException">It ends well without a call.</exception>
    public async Task CalledAsync(CancellationToken cancellationToken)
    {
        const string Call = "plugwire.conformance.v1.Conformance/Echo";
        await PrintedAsync(cancellationToken).ConfigureAwait(false);
        if (await TryHearAsync(ReportWords.Call, Options.StartTimeout, cancellationToken).ConfigureAwait(false))
            return;
        if (!_host.Exited.IsCompleted)
            throw Failure($"The host has not called {Call} of its plugin, and has not ended.");
        var exit = await _host.Exited.ConfigureAwait(false);
        throw exit.ExitCode == 0 && !Options.RequireCall
            ? new CaseSkippedException($"The host has ended well without a call of {Call}.")
            : Failure($"The host has not called {Call} of its plugin, which has done all right until then: its command {exit}.");
    }

    /// <summary>Has the plugin go on that waits for it.</summary>
    public async Task LetGoAsync()
    {
        foreach (var process in Plugin.Processes)
            await process.LetGoAsync().ConfigureAwait(false);
    }

    /// <summary>Waits until the plugin says a word.</summary>
    /// <param name="word">The word.</param>
    /// <param name="deed">What it means, to follow "has".</param>
    /// <param name="patience">How long.</param>
    /// <param name="cancellationToken">Ends the case.</param>
    /// <returns>What belonged to the word.</returns>
    /// <exception cref="CaseFailedException">It does not, or the host ends before.</exception>
    public async Task<string> HearAsync(string word, string deed, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (await TryHearAsync(word, patience, cancellationToken).ConfigureAwait(false))
            return Plugin.Reports.First(report => report.Word == word).Detail;
        throw Failure(_host.Exited.IsCompleted
            ? $"The plugin has not {deed}, and the host's command {await _host.Exited.ConfigureAwait(false)}."
            : string.Create(CultureInfo.InvariantCulture, $"The plugin has not {deed}, within {patience.TotalSeconds:0.###} s."));
    }

    /// <summary>Waits for a word as <see cref="HearAsync"/> does.</summary>
    /// <returns>False when the host ends before, or it takes too long.</returns>
    public async Task<bool> TryHearAsync(string word, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var heard = Plugin.WaitAsync(word, either.Token);
        if (await Task.WhenAny(heard, _host.Exited).ConfigureAwait(false) != heard)
            await ((Task)heard).WaitAsync(RestAfterExit, TimeProvider.System, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await either.CancelAsync().ConfigureAwait(false);
        await ((Task)heard).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return heard.IsCompletedSuccessfully;
    }

    /// <summary>Waits for the end of the host's command.</summary>
    /// <param name="patience">How long.</param>
    /// <param name="since">From what on, to follow "since".</param>
    /// <param name="cancellationToken">Ends the case.</param>
    /// <exception cref="CaseFailedException">It does not end in time.</exception>
    public async Task<ChildExit> EndedAsync(TimeSpan patience, string since, CancellationToken cancellationToken)
    {
        await ((Task)_host.Exited).WaitAsync(patience, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_host.Exited.IsCompleted)
            throw Failure(string.Create(CultureInfo.InvariantCulture, $"The host's command has not ended within {patience.TotalSeconds:0.###} s since {since}."));
        await Task.WhenAll(_output.Ended, _error.Ended).WaitAsync(RestAfterExit, TimeProvider.System, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await _host.Exited.ConfigureAwait(false);
    }

    /// <summary>That the command ends and says by its exit code that the plugin has failed it, and nothing of the plugin is left.</summary>
    /// <exception cref="CaseFailedException">It does not.</exception>
    public async Task FailsAsync(TimeSpan patience, string since, CancellationToken cancellationToken)
    {
        var exit = await EndedAsync(patience, since, cancellationToken).ConfigureAwait(false);
        if (exit.ExitCode == 0)
            throw Failure($"The host's command had to end with an exit code other than 0, as {since}, and {exit}.");
        if (exit.ExitCode is null)
            throw Failure($"The host had to say by an exit code other than 0 that its plugin has failed it, as {since}, and its command {exit}: it has crashed.");
        await NothingLeftAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>That the host refuses the plugin for what it has printed: it calls nothing of it.</summary>
    /// <exception cref="CaseFailedException">It does not.</exception>
    public async Task RefusesAsync(TimeSpan patience, string since, CancellationToken cancellationToken)
    {
        await FailsAsync(patience, since, cancellationToken).ConfigureAwait(false);
        if (Plugin.Heard(ReportWords.Health) || Plugin.Heard(ReportWords.Call))
            throw Failure($"The host had to refuse its plugin, as {since}, and has called it.");
    }

    /// <summary>That the command ends well, and nothing of the plugin is left.</summary>
    /// <exception cref="CaseFailedException">It does not.</exception>
    public async Task EndsWellAsync(string since, CancellationToken cancellationToken)
    {
        var exit = await EndedAsync(Options.StopTimeout, since, cancellationToken).ConfigureAwait(false);
        if (exit.ExitCode != 0)
            throw Failure($"The host had to get along with its plugin and to end with exit code 0, and its command {exit}.");
        await NothingLeftAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>That no process of the plugin is left.</summary>
    /// <exception cref="CaseFailedException">One is.</exception>
    public async Task NothingLeftAsync(CancellationToken cancellationToken)
    {
        var processes = Plugin.Processes;
        await Task.WhenAll(processes.Select(process => process.Ended)).WaitAsync(Options.ReactionTimeout, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (processes.Where(process => !process.Ended.IsCompleted).ToArray() is { Length: > 0 } left)
            throw Failure($"The host has ended, and its plugin lives: process {string.Join(", ", left.Select(process => process.ProcessId.ToString(CultureInfo.InvariantCulture)))}.");
    }

    /// <summary>That nothing is left of what the plugin has started. Linux.</summary>
    /// <exception cref="CaseFailedException">Something is.</exception>
    public async Task NoChildLeftAsync(CancellationToken cancellationToken)
    {
        var ends = Task.WhenAll(Plugin.Processes.Select(process => process.ChildrenEndedAsync(cancellationToken)));
        await ends.WaitAsync(Options.ReactionTimeout, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!ends.IsCompleted)
            throw Failure($"The plugin has ended, and what it has started lives: process {string.Join(", ", Plugin.Reports.Where(report => report.Word == ReportWords.ChildStarted).Select(report => report.Detail))}.");
    }

    /// <summary>Ends the host, and it alone, in a way that it does not notice.</summary>
    public async Task KillAsync()
    {
        _host.TrySignal(LibC.SigKill);
        await _host.Exited.ConfigureAwait(false);
    }

    /// <summary>A failure of the case, with what the host said last.</summary>
    public CaseFailedException Failure(string message)
    {
        var said = string.Concat(Said("standard output", _output), Said("standard error", _error));
        return new CaseFailedException(message + said);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync().ConfigureAwait(false);
        await Plugin.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(_output.Ended, _error.Ended).WaitAsync(RestAfterExit, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _directory.DisposeAsync().ConfigureAwait(false);
    }

    private static string Said(string where, CapturedOutput output)
    {
        const int MostShown = 2000;
        var text = output.Text.Trim();
        return text.Length == 0 ? "" : $" On its {where} stood: {PrintableText.Of(text.Length > MostShown ? "…" + text[^MostShown..] : text)}";
    }
}
