using System.Globalization;
using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Launching.Posix;
using Plugwire.Hosting.Running;

namespace Plugwire.Hosting.Starting;

/// <summary>
/// Runs the steps that wait for a plugin. Each ends in time: with its work, with the plugin's process, with the budget of the start or of a part of it, or by
/// the caller; and each failure says which it was.
/// </summary>
internal sealed class StartBudget : IDisposable
{
    // When the process ends, what it wrote may say more than that it has ended; when a connection breaks, its end may say more than that.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    private readonly LaunchedPlugin _plugin;
    private readonly PluginStartAttempt _attempt;
    private readonly TimeSpan _limit;
    private readonly string _optionName;
    private readonly CancellationTokenSource _timeout;
    private readonly CancellationTokenSource _either;
    private readonly CancellationToken _caller;
    private readonly StartBudget? _whole;

    public StartBudget(LaunchedPlugin plugin, PluginStartAttempt attempt, TimeSpan limit, CancellationToken caller)
        : this(plugin, attempt, limit, nameof(PluginOptions.StartTimeout), whole: null, caller)
    {
        attempt.GivenUp = Token;
    }

    private StartBudget(LaunchedPlugin plugin, PluginStartAttempt attempt, TimeSpan limit, string optionName, StartBudget? whole, CancellationToken caller)
    {
        _plugin = plugin;
        _attempt = attempt;
        _limit = limit;
        _optionName = optionName;
        _whole = whole;
        _caller = caller;
        _timeout = new CancellationTokenSource(limit, attempt.TimeProvider);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timeout.Token, whole?._either.Token ?? caller);
    }

    /// <summary>Cancelled at the end of the budget, and by the caller.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>A part of this budget with a limit of its own.</summary>
    public StartBudget Narrow(TimeSpan limit, string optionName) => new(_plugin, _attempt, limit, optionName, this, _caller);

    /// <summary>Waits for one step before there is a process. It runs in the system and may hang there: then it is left behind, and the start ends in time.</summary>
    /// <param name="stage">The step.</param>
    /// <param name="awaited">What it is to come to.</param>
    /// <param name="step">Begins it; does not block.</param>
    /// <param name="discard">Ends what a step that was left behind has made; null where that is nothing.</param>
    /// <exception cref="PluginStartException">The step failed, or its time was up.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<T> RunInSystemAsync<T>(PluginStartStage stage, string awaited, Func<CancellationToken, Task<T>> step, Func<T, ValueTask>? discard = null)
    {
        _attempt.Progress?.Invoke(stage);
        var work = step(Token);
        try
        {
            return await work.WaitAsync(Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (Token.IsCancellationRequested)
        {
            // What is about to end is waited for, so that nothing of the plugin is left when the start has failed; what hangs is not.
            await ((Task)work).WaitAsync(Grace, TimeProvider.System, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var end = HangingSteps.Own(work, discard ?? (static _ => ValueTask.CompletedTask), $"The step {stage} of a start of plugin '{_attempt.PluginName}'", _plugin.Logger);
            if (work.IsCompleted)
                await end.ConfigureAwait(false);
            _caller.ThrowIfCancellationRequested();
            throw _attempt.Fail(
                stage, PluginStartReason.TimedOut,
                string.Create(CultureInfo.InvariantCulture, $"nothing of that within {_limit.TotalSeconds:0.###} s ({_optionName}): a call into the system does not come back. Steps of starts that hang so at present: {HangingSteps.Count}."),
                awaited,
                "Look at the file systems on which the plugin, its working directory and the launch directory lie: one of them hangs, as a network's does whose server is gone.");
        }
        catch (PosixException failure)
        {
            throw _attempt.Fail(stage, PluginStartReason.Other, $"there is no thread left for it: {failure.Message}", awaited, "Raise the limit (ulimit -u, TasksMax=), or end some.", failure);
        }
    }

    /// <summary>Waits for one step of a plugin whose process runs.</summary>
    /// <exception cref="PluginStartException">The step failed, its time was up, or the process ended.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<T> RunAsync<T>(PluginStartStage stage, string awaited, Func<CancellationToken, Task<T>> step)
    {
        _attempt.Progress?.Invoke(stage);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var work = step(stop.Token);
        if (await Task.WhenAny(work, _plugin.Process.Exited).ConfigureAwait(false) != work)
            await ((Task)work).WaitAsync(Grace, _attempt.TimeProvider, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await stop.CancelAsync().ConfigureAwait(false);
        try
        {
            return await work.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _caller.ThrowIfCancellationRequested();
            if (_plugin.Process.Exited.IsCompleted)
                throw await ExitedEarlyAsync(stage, awaited, innerException: null).ConfigureAwait(false);
            throw TimedOut(stage, awaited);
        }
        catch (PluginStartException failure) when (failure.Reason is PluginStartReason.ConnectFailed)
        {
            if (await _plugin.EndsWithinAsync(Grace).ConfigureAwait(false))
                throw await ExitedEarlyAsync(stage, awaited, failure).ConfigureAwait(false);
            throw;
        }
    }

    public void Dispose()
    {
        _either.Dispose();
        _timeout.Dispose();
    }

    /// <summary>The failure of a process that ended before the step did.</summary>
    public async Task<PluginStartException> ExitedEarlyAsync(PluginStartStage stage, string awaited, Exception? innerException)
    {
        await _plugin.EndsWithinAsync(Grace).ConfigureAwait(false);
        return _attempt.Fail(
            stage, PluginStartReason.ExitedEarly, "its process ended before that.", awaited,
            "Its last lines on standard error, if there are any, say why.", innerException);
    }

    private PluginStartException TimedOut(PluginStartStage stage, string awaited)
    {
        var spent = _timeout.IsCancellationRequested ? this : _whole ?? this;
        return _attempt.Fail(
            stage, PluginStartReason.TimedOut,
            string.Create(CultureInfo.InvariantCulture, $"nothing of that within {spent._limit.TotalSeconds:0.###} s ({spent._optionName})."),
            awaited,
            $"See what the plugin does meanwhile, or raise {spent._optionName}.");
    }
}
