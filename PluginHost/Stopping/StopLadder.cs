using Microsoft.Extensions.Logging;

namespace Plugwire.Hosting.Stopping;

/// <summary>
/// Ends a plugin: ask, wait, terminate, wait, kill, wait. Each rung is climbed only when the one before did not do, so the whole takes no longer than
/// the sum of its budgets, whatever the plugin does.
/// </summary>
internal sealed partial class StopLadder(string pluginName, StopBudgets budgets, TimeProvider timeProvider, ILogger logger)
{
    /// <summary>Whether the plugin was asked to end, and is one that can be asked. Known after the run.</summary>
    public bool WasAsked { get; private set; }

    /// <param name="target">What is ended.</param>
    /// <param name="patience">Cancelled when there is no time to be gentle: what is left of the ladder is the kill.</param>
    /// <returns>The rung that did it; <see cref="PluginStopStep.Kill"/> also when even that was not confirmed within its budget.</returns>
    public async Task<PluginStopStep> RunAsync(StopTarget target, CancellationToken patience)
    {
        if (target.Exited.IsCompleted)
            return PluginStopStep.None;

        if (await AskAsync(target, patience).ConfigureAwait(false))
            return PluginStopStep.Shutdown;

        if (await TerminateAsync(target, patience).ConfigureAwait(false))
            return PluginStopStep.Terminate;

        Log.Killing(logger, pluginName);
        target.Kill();
        if (!await ExitedWithinAsync(target, budgets.Kill, CancellationToken.None).ConfigureAwait(false))
            Log.NotConfirmed(logger, pluginName, budgets.Kill);
        return PluginStopStep.Kill;
    }

    private async Task<bool> AskAsync(StopTarget target, CancellationToken patience)
    {
        if (target.Ask is null || budgets.Drain == TimeSpan.Zero || patience.IsCancellationRequested)
            return false;

        // The budget is one for the question and for the wait, and the end of the process ends the question too.
        using var drain = new CancellationTokenSource(budgets.Drain, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(drain.Token, patience);
        var asked = AskedAsync(target.Ask, either.Token);
        if (await Task.WhenAny(asked, target.Exited).ConfigureAwait(false) == asked && !await asked.ConfigureAwait(false))
            return false;

        var exited = await ExitedBeforeAsync(target, either.Token).ConfigureAwait(false);
        await either.CancelAsync().ConfigureAwait(false);
        await asked.ConfigureAwait(false);
        if (!exited && !patience.IsCancellationRequested)
            Log.StillThere(logger, pluginName, budgets.Drain);
        return exited;
    }

    /// <summary>False when the plugin has no such service, and so will not end for having been asked.</summary>
    private async Task<bool> AskedAsync(Func<CancellationToken, Task> ask, CancellationToken cancellationToken)
    {
        try
        {
            WasAsked = true;
            await ask(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (NotSupportedException)
        {
            WasAsked = false;
            Log.CannotBeAsked(logger, pluginName);
            return false;
        }
    }

    private async Task<bool> TerminateAsync(StopTarget target, CancellationToken patience)
    {
        if (budgets.Terminate == TimeSpan.Zero || patience.IsCancellationRequested)
            return target.Exited.IsCompleted;

        target.Terminate();
        return await ExitedWithinAsync(target, budgets.Terminate, patience).ConfigureAwait(false);
    }

    private async Task<bool> ExitedWithinAsync(StopTarget target, TimeSpan budget, CancellationToken patience)
    {
        using var deadline = new CancellationTokenSource(budget, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, patience);
        return await ExitedBeforeAsync(target, either.Token).ConfigureAwait(false);
    }

    private static async Task<bool> ExitedBeforeAsync(StopTarget target, CancellationToken end)
    {
        await target.Exited.WaitAsync(end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return target.Exited.IsCompleted;
    }

    private static partial class Log
    {
        [LoggerMessage(30, LogLevel.Debug, "Plugin '{Plugin}' cannot be asked to end: it has no controller service. It gets the terminate signal.")]
        public static partial void CannotBeAsked(ILogger logger, string plugin);

        [LoggerMessage(31, LogLevel.Warning, "Plugin '{Plugin}' still runs {Budget} after it was asked to end. It gets the terminate signal.")]
        public static partial void StillThere(ILogger logger, string plugin, TimeSpan budget);

        [LoggerMessage(32, LogLevel.Warning, "Plugin '{Plugin}' does not end by itself. It is killed, with all that it has started.")]
        public static partial void Killing(ILogger logger, string plugin);

        [LoggerMessage(33, LogLevel.Error, "Plugin '{Plugin}' was killed, and the system has not confirmed its end within {Budget}.")]
        public static partial void NotConfirmed(ILogger logger, string plugin, TimeSpan budget);
    }
}
