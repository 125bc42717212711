using Microsoft.Extensions.Logging;
using Plugwire.Hosting.Probing;
using Plugwire.Hosting.Reporting;
using Plugwire.Hosting.Running;
using Plugwire.Wire.Rpc.Deferred;

namespace Plugwire.Hosting.Supervising;

/// <summary>
/// The owner of a plugin over all its launches: one loop, which alone changes its state. <see cref="PluginState"/> has the drawing. Everybody else asks: by a stop, or by a restart.
/// </summary>
internal sealed partial class PluginSupervisor
{
    private const int MostFaults = 16;

    private readonly Func<Action<PluginStartStage>, CancellationToken, Task<PluginRun>> _start;
    private readonly SupervisorOptions _options;
    private readonly RestartBudget _budget;
    private readonly StatusBoard _board;
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _stopAsked = NewSignal();
    private readonly TaskCompletionSource _hurryAsked = NewSignal();
    private readonly TaskCompletionSource<PluginRun> _firstStart = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<PluginExit> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _restartAsked = NewSignal();
    private volatile PluginRun? _run;
    private PluginExit? _lastExit;
    private IReadOnlyList<PluginFault> _faults = [];
    private long? _healthySince;
    private TimeSpan _healthyFor;

    /// <param name="start">Starts the plugin. When it fails, nothing of it is left.</param>
    /// <param name="options">Rules, clock and log.</param>
    public PluginSupervisor(Func<Action<PluginStartStage>, CancellationToken, Task<PluginRun>> start, SupervisorOptions options)
    {
        _start = start;
        _options = options;
        _budget = new RestartBudget(options.Restart, options.Chance);
        _board = new StatusBoard(new PluginStatus { PluginName = options.PluginName, State = PluginState.Starting, Launch = 1 });
        FirstStart = DeferredTask.Observe(_firstStart.Task);
        Ended = SuperviseAsync();
    }

    public PluginStatus Status => _board.Current;

    /// <summary>Ends when the first start has come to an end; faults when it has failed or was given up.</summary>
    public Task<PluginRun> FirstStart { get; }

    /// <summary>Ends when the state is final and nothing of the plugin is left. Never faults.</summary>
    public Task Ended { get; }

    /// <summary>The report of the last launch, when the plugin has ended for good. Of one that never started there is none, and this never ends.</summary>
    public Task<PluginExit> Completion => _completion.Task;

    /// <summary>Whether it is over, or about to be.</summary>
    public bool IsEnding => _stopAsked.Task.IsCompleted || Status.State is PluginState.Stopped or PluginState.Faulted;

    /// <summary>The launch that runs, or the last that did; null before the first has started.</summary>
    public PluginRun? Run => _run;

    /// <summary>The launch that a call can go to at this moment; null when it must wait, or fail.</summary>
    public PluginRun? Callable => _run is { IsConnected: true } run && Status.State is PluginState.Ready or PluginState.Unresponsive ? run : null;

    public IAsyncEnumerable<PluginStatus> WatchAsync(CancellationToken cancellationToken) => _board.WatchAsync(cancellationToken);

    /// <summary>Stops the plugin for good, whatever it is doing. All that ask for it join the same stop.</summary>
    /// <param name="patience">Cancelled when there is no time to be gentle. The first whose patience ends decides for all.</param>
    public async Task StopAsync(CancellationToken patience)
    {
        using var registration = patience.UnsafeRegister(static hurry => ((TaskCompletionSource)hurry!).TrySetResult(), _hurryAsked);
        _stopAsked.TrySetResult();
        await Ended.ConfigureAwait(false);
    }

    /// <summary>Ends what runs and starts the plugin again at once; a start that goes on is joined.</summary>
    /// <exception cref="PluginUnavailableException">It is over, or the start failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the restart goes on.</exception>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        int awaited;
        lock (_lock)
        {
            var status = Status;
            if (IsEnding)
                throw new PluginUnavailableException(status);
            awaited = status.State == PluginState.Starting ? status.Launch : status.Launch + 1;
            if (status.State != PluginState.Starting)
                _restartAsked.TrySetResult();
        }

        while (true)
        {
            var (status, changed) = _board.Read();
            if (status.Launch >= awaited && status.State is not PluginState.Starting)
            {
                if (status.Launch == awaited && status.State is not (PluginState.Ready or PluginState.Unresponsive))
                    throw new PluginUnavailableException(status);
                return;
            }

            if (status.State is PluginState.Stopped or PluginState.Faulted)
                throw new PluginUnavailableException(status);
            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until the plugin can be called.</summary>
    /// <param name="isPatient">Whether to wait while it is started again, and to fail otherwise.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>A launch to call; also one that is over, where its calls say best what has happened.</returns>
    /// <exception cref="PluginUnavailableException">It cannot be called now, or never again.</exception>
    public async Task<PluginRun> WhenCallableAsync(bool isPatient, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (status, changed) = _board.Read();
            var run = _run;
            switch (status.State)
            {
                case PluginState.Ready or PluginState.Unresponsive when run is { IsConnected: true } || !isPatient:
                case PluginState.Draining when !isPatient || _stopAsked.Task.IsCompleted:
                case PluginState.Stopped or PluginState.Faulted when run is not null:
                    return run!;

                case PluginState.Quarantined or PluginState.Stopped or PluginState.Faulted:
                case PluginState.Starting or PluginState.BackingOff when !isPatient:
                    throw new PluginUnavailableException(status);
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task SuperviseAsync()
    {
        // Whoever begins it may hold a lock.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            while (await StepAsync().ConfigureAwait(false))
            {
            }
        }
        catch (Exception failure)
        {
            await GiveUpAsync(failure).ConfigureAwait(false);
        }

        if (_lastExit is not null)
            _completion.TrySetResult(_lastExit);
    }

    /// <summary>Does what the state asks for until there is another state.</summary>
    /// <returns>False when the state is final.</returns>
    private async Task<bool> StepAsync()
    {
        switch (Status.State)
        {
            case PluginState.Starting:
                await StartAsync().ConfigureAwait(false);
                return true;
            case PluginState.Ready or PluginState.Unresponsive:
                await LookAfterAsync(_run!).ConfigureAwait(false);
                return true;
            case PluginState.Draining:
                await DrainAsync(_run!).ConfigureAwait(false);
                return true;
            case PluginState.BackingOff:
                await BackOffAsync(Status.NextStartIn!.Value).ConfigureAwait(false);
                return true;
            case PluginState.Quarantined:
                await Task.WhenAny(_stopAsked.Task, RestartAsked).ConfigureAwait(false);
                BecomeStartingUnlessStopped();
                return true;
            default:
                return false;
        }
    }

    private async Task StartAsync()
    {
        using var stop = new CancellationTokenSource();
        var start = _start(stage => Become(PluginState.Starting, status => status with { StartStage = stage }), stop.Token);
        if (await Task.WhenAny(start, _stopAsked.Task).ConfigureAwait(false) != start)
            await stop.CancelAsync().ConfigureAwait(false);
        try
        {
            _run = await start.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Become(PluginState.Stopped);
            _firstStart.TrySetException(new PluginException(_options.PluginName, $"Plugin '{_options.PluginName}' was stopped by its host while it was starting."));
            return;
        }
        catch (Exception failure)
        {
            ForgetRestarts();
            Note(new PluginFault { Launch = Status.Launch, Time = _options.TimeProvider.GetUtcNow(), Exit = null, StartFailure = failure });
            if (_stopAsked.Task.IsCompleted)
                Become(PluginState.Stopped);
            else if (_firstStart.Task.IsCompleted && RestartRules.Allows(_options.Restart.Policy, failure))
                BackOffOrQuarantine(healthyFor: TimeSpan.Zero);
            else
                Become(PluginState.Faulted);

            // Who learns of it finds the state as it is.
            _firstStart.TrySetException(failure);
            return;
        }

        ForgetRestarts();
        _healthySince = _options.TimeProvider.GetTimestamp();
        Become(PluginState.Ready, status => status with { Health = PluginHealth.Serving });
        _firstStart.TrySetResult(_run);
    }

    private async Task LookAfterAsync(PluginRun run)
    {
        var monitor = new HealthMonitor(run.AskHealthAsync, run.ListenToHealthAsync, run.GetActivity, _options.Health, _options.TimeProvider, _options.Logger);
        await using (monitor.ConfigureAwait(false))
        {
            var (report, changed) = monitor.Read();
            while (true)
            {
                await Task.WhenAny(run.Ending, _stopAsked.Task, RestartAsked, changed).ConfigureAwait(false);
                if (run.Ending.IsCompleted || _stopAsked.Task.IsCompleted || RestartAsked.IsCompleted)
                    break;

                (report, changed) = monitor.Read();
                TellHealth(report);
                if (report.MustEnd)
                    break;
            }
        }

        // The monitor is gone by now: a plugin that lets its calls end before it stops does not wait for the host's own.
        if (!run.Ending.IsCompleted && (_stopAsked.Task.IsCompleted || RestartAsked.IsCompleted))
            run.Stop();
        else if (!run.Ending.IsCompleted)
            run.CutOff();

        _healthyFor = _healthySince is { } since ? _options.TimeProvider.GetElapsedTime(since) : TimeSpan.Zero;
        Become(PluginState.Draining);
    }

    private void TellHealth(HealthReport report)
    {
        if (report.Health != PluginHealth.Serving)
            _healthySince = null;
        else
            _healthySince ??= _options.TimeProvider.GetTimestamp();
        Become(
            report.Health is PluginHealth.Frozen or PluginHealth.Busy ? PluginState.Unresponsive : PluginState.Ready,
            status => status with { Health = report.Health, HealthProblem = report.Problem, DeafHandlers = report.DeafHandlers });
    }

    private async Task DrainAsync(PluginRun run)
    {
        await Task.WhenAny(run.Completion, _hurryAsked.Task).ConfigureAwait(false);
        run.Hurry();
        var exit = await run.Completion.ConfigureAwait(false);
        _lastExit = exit;
        var isMeant = exit.Reason is PluginExitReason.Stopped or PluginExitReason.Exited;
        if (!isMeant)
            Note(new PluginFault { Launch = Status.Launch, Time = _options.TimeProvider.GetUtcNow(), Exit = exit, StartFailure = null });

        if (_stopAsked.Task.IsCompleted)
            Become(PluginState.Stopped);
        else if (RestartAsked.IsCompleted)
            BecomeStarting();
        else if (RestartRules.Allows(_options.Restart.Policy, exit.Reason))
            BackOffOrQuarantine(_healthyFor);
        else
            Become(isMeant ? PluginState.Stopped : PluginState.Faulted);
    }

    private void BackOffOrQuarantine(TimeSpan healthyFor)
    {
        if (_budget.TryTake(healthyFor) is { } delay)
            Become(PluginState.BackingOff, status => status with { NextStartIn = delay });
        else
            Become(PluginState.Quarantined);
    }

    private async Task BackOffAsync(TimeSpan delay)
    {
        using var waiting = new CancellationTokenSource();
        await Task.WhenAny(Task.Delay(delay, _options.TimeProvider, waiting.Token), _stopAsked.Task, RestartAsked).ConfigureAwait(false);
        await waiting.CancelAsync().ConfigureAwait(false);
        BecomeStartingUnlessStopped();
    }

    private void BecomeStartingUnlessStopped()
    {
        if (_stopAsked.Task.IsCompleted)
            Become(PluginState.Stopped);
        else
            BecomeStarting();
    }

    private void BecomeStarting()
    {
        if (RestartAsked.IsCompleted)
            _budget.Reset();
        Become(PluginState.Starting, static status => status with { Launch = status.Launch + 1 });
    }

    /// <summary>The loop itself has failed. The plugin does not run on without an owner.</summary>
    private async Task GiveUpAsync(Exception failure)
    {
        Log.HostFailed(_options.Logger, failure, _options.PluginName);
        if (_run is { } run)
        {
            run.CutOff();
            await ((Task)run.Completion).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _lastExit = run.Completion.IsCompletedSuccessfully
                ? await run.Completion.ConfigureAwait(false) with { Reason = PluginExitReason.HostFailed }
                : PluginExit.OfFailedHost(_options.PluginName, run.ProcessId);
        }

        Become(PluginState.Faulted);
        _firstStart.TrySetException(failure);
    }

    private void Become(PluginState state, Func<PluginStatus, PluginStatus>? with = null)
    {
        var before = Status;
        var status = new PluginStatus
        {
            PluginName = _options.PluginName,
            State = state,
            Launch = before.Launch,
            ProcessId = state is PluginState.Ready or PluginState.Unresponsive or PluginState.Draining ? _run?.ProcessId : null,
            LastExit = _lastExit,
            Faults = _faults,
        };
        status = with?.Invoke(status) ?? status;
        _board.Write(status, isLast: state is PluginState.Stopped or PluginState.Faulted);
        if (state != before.State)
            LogChange(before, status);
    }

    // What a launch itself says of its start and its end is not said again.
    private void LogChange(PluginStatus before, PluginStatus status)
    {
        if (status is { State: PluginState.BackingOff, NextStartIn: { } delay })
            Log.BackingOff(_options.Logger, _options.PluginName, delay, status.Launch + 1);
        else if (status.State == PluginState.Quarantined)
            Log.Quarantined(_options.Logger, status);
        else if (status.State == PluginState.Unresponsive)
            Log.Unresponsive(_options.Logger, status);
        else if (before.State == PluginState.Unresponsive && status.State == PluginState.Ready)
            Log.Answers(_options.Logger, _options.PluginName, status.ProcessId);
    }

    private void Note(PluginFault failure) => _faults = [failure, .. _faults.Take(MostFaults - 1)];

    // Who asked for a restart until now has it.
    private void ForgetRestarts()
    {
        lock (_lock)
        {
            if (_restartAsked.Task.IsCompleted)
                _restartAsked = NewSignal();
        }
    }

    private Task RestartAsked
    {
        get
        {
            lock (_lock)
                return _restartAsked.Task;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static partial class Log
    {
        [LoggerMessage(25, LogLevel.Warning, "Plugin '{Plugin}' is started again in {Delay}; that is its start number {Launch}.")]
        public static partial void BackingOff(ILogger logger, string plugin, TimeSpan delay, int launch);

        [LoggerMessage(26, LogLevel.Error, "Looking after plugin '{Plugin}' failed. It is ended and not started again.")]
        public static partial void HostFailed(ILogger logger, Exception failure, string plugin);

        [LoggerMessage(27, LogLevel.Error, "{Status}")]
        public static partial void Quarantined(ILogger logger, PluginStatus status);

        [LoggerMessage(28, LogLevel.Warning, "{Status}")]
        public static partial void Unresponsive(ILogger logger, PluginStatus status);

        [LoggerMessage(29, LogLevel.Information, "Plugin '{Plugin}' (process {ProcessId}) answers again.")]
        public static partial void Answers(ILogger logger, string plugin, int? processId);
    }
}
