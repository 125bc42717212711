using System.Globalization;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Plugwire.Hosting.Connecting;
using Plugwire.Hosting.Launching;

namespace Plugwire.Hosting.Probing;

/// <summary>
/// Asks a plugin for its health again and again, and looks at its process when it does not answer. There is one question on its way at most: a plugin that is frozen would only
/// gather them.
/// </summary>
internal sealed partial class HealthMonitor : IAsyncDisposable
{
    // The kernel's unit of processor time towards programs, whatever it counts in itself.
    private const double TicksPerSecond = 100;

    // The part of one processor from which on a process counts as busy. One that waits for locks uses next to none.
    private const double BusyShare = 0.05;

    // How soon after an answer a plugin that tells of changes is asked again.
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(100);

    private readonly Func<CancellationToken, Task<HealthAnswer>> _ask;
    private readonly Func<Func<CancellationToken, Task>, CancellationToken, Task> _listen;
    private readonly Func<ProcessActivity?> _look;
    private readonly PluginHealthOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly Task _run;
    private HealthReport _report = new(PluginHealth.Serving, Problem: null);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long? _notServingSince;
    private bool _isDebugged;
    private int _deafHandlers;

    /// <param name="ask">Asks the plugin; ends when it answers or the token is cancelled. Fails when there is no connection any more.</param>
    /// <param name="listen">Listens for changes that the plugin tells by itself, so that it is asked sooner. Never fails.</param>
    /// <param name="look">Looks at its processes; null when the system does not tell. May take a few milliseconds.</param>
    /// <param name="options">How often, and what follows.</param>
    /// <param name="timeProvider">The clock of all waits.</param>
    /// <param name="logger">Told when the monitor itself fails.</param>
    public HealthMonitor(
        Func<CancellationToken, Task<HealthAnswer>> ask, Func<Func<CancellationToken, Task>, CancellationToken, Task> listen, Func<ProcessActivity?> look,
        PluginHealthOptions options, TimeProvider timeProvider, ILogger logger)
    {
        (_ask, _listen, _look, _options, _time, _logger) = (ask, listen, look, options, timeProvider, logger);
        _run = options.Interval == Timeout.InfiniteTimeSpan ? Task.CompletedTask : RunAsync(_end.Token);
    }

    /// <summary>What it has found, and a task that ends with the next finding.</summary>
    public (HealthReport Report, Task Changed) Read()
    {
        lock (_lock)
            return (_report, _changed.Task);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
        _end.Dispose();
    }

    private async Task RunAsync(CancellationToken end)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var listening = _listen(OnChangeAsync, end);
        try
        {
            while (true)
            {
                await PauseAsync(end).ConfigureAwait(false);
                await AskOnceAsync(end).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The plugin ends, and its owner knows.
        }
        catch (Exception failure)
        {
            Log.Failed(_logger, failure);
        }

        await listening.ConfigureAwait(false);
    }

    private async Task PauseAsync(CancellationToken end)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(end);
        await Task.WhenAny(Task.Delay(_options.Interval, _time, pause.Token), _told.Task).ConfigureAwait(false);
        await pause.CancelAsync().ConfigureAwait(false);
        _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        end.ThrowIfCancellationRequested();
    }

    private Task OnChangeAsync(CancellationToken end)
    {
        _told.TrySetResult();
        return Task.Delay(ShortestInterval, _time, end);
    }

    private async Task AskOnceAsync(CancellationToken end)
    {
        var question = _ask(end);
        await FollowAsync(question, end).ConfigureAwait(false);
        try
        {
            Take(await question.ConfigureAwait(false));
        }
        catch (RpcException) when (!end.IsCancellationRequested)
        {
            // There is no connection to ask on. That is seen elsewhere, and ends the plugin.
        }
    }

    private void Take(HealthAnswer answer)
    {
        _isDebugged = answer.IsDebugged;
        _deafHandlers = answer.DeafHandlers;
        var isTooDeaf = _deafHandlers > _options.MaxDeafHandlers;
        if (answer.Problem is null)
        {
            _notServingSince = null;
            Tell(isTooDeaf
                ? new HealthReport(PluginHealth.NotServing, string.Create(CultureInfo.InvariantCulture, $"{_deafHandlers} of its handlers run on though their calls are over."), MustEnd: !_isDebugged)
                : new HealthReport(PluginHealth.Serving, Problem: null));
            return;
        }

        _notServingSince ??= _time.GetTimestamp();
        Tell(new HealthReport(
            PluginHealth.NotServing, answer.Problem,
            MustEnd: !_isDebugged && (isTooDeaf || (_options.NotServingTimeout is { } limit && _time.GetElapsedTime(_notServingSince.Value) >= limit))));
    }

    /// <summary>Waits for the answer, and says what is the matter as long as there is none.</summary>
    private async Task FollowAsync(Task question, CancellationToken end)
    {
        // Two looks are needed to see whether the process does anything, so the wait for the first answer has two halves.
        var half = _options.Timeout / 2;
        var asked = _time.GetTimestamp();
        if (await AnswersWithinAsync(question, half, end).ConfigureAwait(false))
            return;

        var (earlier, earlierAt) = (_look(), _time.GetTimestamp());
        if (await AnswersWithinAsync(question, half, end).ConfigureAwait(false))
            return;

        // Much more time has passed than was waited for: it was the host that stood still, or the whole machine. The plugin is given its time once more.
        if (_time.GetElapsedTime(asked) > _options.Timeout * 2)
        {
            (earlier, earlierAt) = (_look(), _time.GetTimestamp());
            if (await AnswersWithinAsync(question, _options.Timeout, end).ConfigureAwait(false))
                return;
        }

        var since = _time.GetTimestamp();
        do
        {
            var (later, laterAt) = (_look(), _time.GetTimestamp());
            Tell(Diagnose(earlier, later, _time.GetElapsedTime(earlierAt, laterAt), _time.GetElapsedTime(asked), _time.GetElapsedTime(since)));
            (earlier, earlierAt) = (later, laterAt);
        }
        while (!await AnswersWithinAsync(question, half, end).ConfigureAwait(false));
    }

    private async Task<bool> AnswersWithinAsync(Task question, TimeSpan limit, CancellationToken end)
    {
        await question.WaitAsync(limit, _time, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        end.ThrowIfCancellationRequested();
        return question.IsCompleted;
    }

    private HealthReport Diagnose(ProcessActivity? earlier, ProcessActivity? later, TimeSpan between, TimeSpan unanswered, TimeSpan unresponsive)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"It has not answered the question for its health for {unanswered.TotalSeconds:0.0} s");
        if (_isDebugged || later is { IsTraced: true })
            return new HealthReport(PluginHealth.Frozen, text + ", and a debugger is attached to it.");
        if (later is not { } now)
            return new HealthReport(PluginHealth.Frozen, text + ".", _options.EndsUnresponsive);
        if (now.IsStopped)
            return new HealthReport(PluginHealth.Frozen, text + ": its process is stopped by a signal.", _options.EndsUnresponsive);

        var used = (now.ProcessorTicks - (earlier?.ProcessorTicks ?? now.ProcessorTicks)) / TicksPerSecond;
        return now.IsWorking || used >= between.TotalSeconds * BusyShare
            ? new HealthReport(
                PluginHealth.Busy,
                text + string.Create(CultureInfo.InvariantCulture, $": its process is at work, {used:0.0} s of processor time in {between.TotalSeconds:0.0} s."),
                _options.EndsUnresponsive && unresponsive >= _options.BusyTimeout)
            : new HealthReport(PluginHealth.Frozen, text + ": its process waits and uses no processor time.", _options.EndsUnresponsive);
    }

    private void Tell(HealthReport found)
    {
        var report = found with { DeafHandlers = _deafHandlers };
        TaskCompletionSource changed;
        lock (_lock)
        {
            // How long it has been so is no news.
            if (_report.Health == report.Health && _report.MustEnd == report.MustEnd && _report.DeafHandlers == report.DeafHandlers && (report.Health != PluginHealth.NotServing || _report.Problem == report.Problem))
                return;
            _report = report;
            changed = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.TrySetResult();
    }

    private static partial class Log
    {
        [LoggerMessage(24, LogLevel.Error, "The watch over a plugin's health has failed. The plugin is no longer asked.")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
