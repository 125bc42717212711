using Grpc.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Plugwire.Hosting.Connecting;
using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Launching;
using Plugwire.Hosting.Output;
using Plugwire.Hosting.Reporting;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Logging;
using Plugwire.Wire.Rpc.Client;

namespace Plugwire.Hosting.Running;

/// <summary>
/// All that one launch has brought to life so far, and the one place that ends each of it: a start that fails and a plugin that has done its work end in
/// the same way.
/// </summary>
internal sealed class LaunchedPlugin : IAsyncDisposable
{
    /// <summary>How long the end of a process may come after the loss of its connections to be the reason of that. The wire waits 250 ms for an explanation.</summary>
    public static readonly TimeSpan ExitAfterLoss = TimeSpan.FromMilliseconds(200);

    // A process that ends late leaves less time for its last words: an explanation that comes too late is none.
    private static readonly TimeSpan LongestExplanation = TimeSpan.FromMilliseconds(230);

    // What a plugin wrote before its end is in its pipes; this is for reading it.
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(100);

    private readonly ILoggerFactory _loggerFactory;
    private readonly TimeProvider _timeProvider;
    private PluginLogForwarder? _log;
    private StandardOutputReader? _output;
    private StandardErrorReader? _error;
    private ChildProcess? _process;
    private PluginConnections? _connections;
    private Task _console = Task.CompletedTask;
    private long _spawned;
    private volatile HostDecision _decision;

    public LaunchedPlugin(string name, ILoggerFactory? loggerFactory, TimeProvider timeProvider)
    {
        Name = name;
        _loggerFactory = loggerFactory ?? NullLoggerFactory.Instance;
        _timeProvider = timeProvider;
        Logger = new HarmlessLogger(_loggerFactory.CreateLogger("Plugwire.Hosting"));
    }

    public string Name { get; }

    /// <summary>Never throws: a start and a stop go through with a broken sink, too.</summary>
    public ILogger Logger { get; }

    /// <summary>How many lines of its standard error are logged each second; null for all.</summary>
    public int? MaxLogLinesPerSecond { get; init; }

    public LaunchDirectory? Directory { get; set; }

    /// <summary>Only after the spawn.</summary>
    public ChildProcess Process => _process ?? throw new InvalidOperationException("There is no process yet.");

    /// <summary>Only after the spawn. Ends with the first line on standard output.</summary>
    public Task<HandshakeOutcome> Handshake => _output!.Handshake;

    /// <summary>Only after the host has connected.</summary>
    public PluginConnections Connections
    {
        get => _connections ?? throw new InvalidOperationException("There is no connection yet.");
        set => _connections = value;
    }

    /// <summary>What the host has decided about the plugin's end, which is then no surprise to its calls.</summary>
    public HostDecision Decision
    {
        get => _decision;
        set => _decision = value;
    }

    public TimeSpan Uptime => _process is null ? TimeSpan.Zero : _timeProvider.GetElapsedTime(_spawned);

    public string StandardErrorTail => _error?.GetTail() ?? "";

    /// <summary>What the process has left behind so far.</summary>
    public PluginStartEvidence Evidence
    {
        get
        {
            var exit = _process?.Exited is { IsCompletedSuccessfully: true } exited ? exited.GetAwaiter().GetResult() : default;
            return new PluginStartEvidence(exit.ExitCode, exit.Signal, StandardErrorTail, _output?.GetBeginning() ?? "");
        }
    }

    /// <summary>Takes the process, which has just been started, and reads its pipes from the first byte.</summary>
    public void Adopt(ChildProcess process, PluginStartAttempt attempt)
    {
        _process = process;
        _spawned = _timeProvider.GetTimestamp();
        _log = new PluginLogForwarder(Name, _loggerFactory, _timeProvider);
        _output = new StandardOutputReader(_process.StandardOutput, _log, _timeProvider);
        _error = new StandardErrorReader(_process.StandardError, _log, _timeProvider, MaxLogLinesPerSecond);
        attempt.Evidence = () => Evidence;
    }

    /// <summary>Begins to read the console that the plugin hands over on its control connection.</summary>
    public void DrainConsole() => _console = ConsoleStream.DrainAsync(Connections.Control.CallInvoker, Name, _log!, _timeProvider, Logger);

    /// <summary>Sends the terminate signal. Standard input stays open: its end would tell the plugin that the host is dead, and leave it no time.</summary>
    public void Terminate() => Process.Terminate();

    /// <summary>Waits a moment for the end of the process, when it is about to end, and for what it wrote last.</summary>
    /// <returns>Whether the process has ended.</returns>
    public async Task<bool> EndsWithinAsync(TimeSpan budget, CancellationToken cancellationToken = default)
    {
        await ((Task)Process.Exited).WaitAsync(budget, _timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!Process.Exited.IsCompleted)
            return false;

        await Task.WhenAll(_output!.Completion, _error!.Completion)
            .WaitAsync(LastWords, _timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return true;
    }

    /// <summary>Why the plugin takes its leave of a connection, for the calls that come too late.</summary>
    public PluginLoss ExplainLeave() =>
        LossByDecision() ?? new PluginLoss(ExitSentence.OfLeave(Name, Process.Id), PluginCallReason.StoppedByPlugin);

    /// <summary>Why a connection is over, for the calls that were going on. The token ends the waiting for the end of the process.</summary>
    public async ValueTask<LossExplanation?> ExplainLossAsync(ConnectionLoss loss, CancellationToken cancellationToken) =>
        await ExplainAsync(loss.Explanation as PluginLoss, loss.Exception, cancellationToken).ConfigureAwait(false);

    /// <summary>What a failed call of the plugin throws.</summary>
    public RpcException ToException(CallFailure failure) => new PluginCallException(Name, failure);

    /// <summary>Ends what there is, last things first. Returns soon, whatever the plugin does. Where one thing fails to end, the others end all the same.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_connections is not null)
                await _connections.AbortAsync(await ExplainAsync(leave: null, cause: null, CancellationToken.None).ConfigureAwait(false)).ConfigureAwait(false);
            await _console.ConfigureAwait(false);
        }
        finally
        {
            try
            {
                await EndProcessAsync().ConfigureAwait(false);
            }
            finally
            {
                if (_log is not null)
                    await _log.DisposeAsync().ConfigureAwait(false);
                if (Directory is not null)
                    await Directory.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<PluginLoss> ExplainAsync(PluginLoss? leave, Exception? cause, CancellationToken cancellationToken)
    {
        if (LossByDecision() is { } decided)
            return decided;

        using var inTime = new CancellationTokenSource(LongestExplanation, _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(inTime.Token, cancellationToken);
        if (await EndsWithinAsync(ExitAfterLoss, either.Token).ConfigureAwait(false))
        {
            // Whoever takes his leave and then ends with 0 has stopped as one should.
            var exit = await Process.Exited.ConfigureAwait(false);
            return Loss(
                ExitSentence.Of(Name, Process.Id, exit, Uptime, StandardErrorTail),
                leave is not null && exit.ExitCode == 0 ? leave.Cause : PluginCallReason.PluginDied);
        }

        return leave ?? Loss(ExitSentence.OfLostConnection(Name, Process.Id, cause), PluginCallReason.ConnectionLost);
    }

    private PluginLoss? LossByDecision() => Decision switch
    {
        HostDecision.Stop => Loss(ExitSentence.OfStop(Name, Process.Id), PluginCallReason.StoppedByHost),
        HostDecision.CutOff => Loss(ExitSentence.OfCutOff(Name, Process.Id), PluginCallReason.ConnectionLost),
        HostDecision.GiveUp => Loss(ExitSentence.OfGiveUp(Name, Process.Id), PluginCallReason.Unresponsive),
        _ => null,
    };

    // With what the process has left behind, if it has ended.
    private PluginLoss Loss(string sentence, PluginCallReason cause)
    {
        if (!Process.Exited.IsCompletedSuccessfully)
            return new PluginLoss(sentence, cause);

        var evidence = Evidence;
        return new PluginLoss(sentence, cause, evidence.ExitCode, evidence.Signal, evidence.StandardErrorTail);
    }

    private async Task EndProcessAsync()
    {
        if (_process is null)
            return;

        // Also when it has ended: its descendants may not have, and they hold its pipes.
        _process.Kill();
        try
        {
            await Task.WhenAll(_output?.FinishAsync() ?? Task.CompletedTask, _error?.FinishAsync() ?? Task.CompletedTask).ConfigureAwait(false);
        }
        finally
        {
            await _process.DisposeAsync().ConfigureAwait(false);
        }
    }
}
