namespace Plugwire.Hosting.Supervising;

/// <summary>Whether there is a restart left, and how long to wait for it. It knows no clock: who asks says how long the plugin was healthy.</summary>
/// <param name="options">The rules.</param>
/// <param name="chance">A number from 0 to 1 each time, for the jitter: many plugins that fell at once are not to get up at once.</param>
internal sealed class RestartBudget(PluginRestartOptions options, Func<double> chance)
{
    private const double Jitter = 0.2;

    private int _restarts;
    private int _doublings;

    /// <summary>Takes a restart.</summary>
    /// <param name="healthyFor">How long the plugin had been healthy without a break when it ended; zero when it was not.</param>
    /// <returns>How long to wait; null when none is left.</returns>
    public TimeSpan? TryTake(TimeSpan healthyFor)
    {
        if (healthyFor >= options.Window)
            _restarts = 0;
        if (healthyFor >= options.ForgivenAfter)
            _doublings = 0;
        if (_restarts >= options.MaxRestarts)
            return null;

        _restarts++;
        var delay = Math.Min(options.FirstDelay.TotalMilliseconds * Math.Pow(2, _doublings), options.MaxDelay.TotalMilliseconds);
        if (delay < options.MaxDelay.TotalMilliseconds)
            _doublings++;
        return TimeSpan.FromMilliseconds(delay * (1 - Jitter + (2 * Jitter * chance())));
    }

    /// <summary>Somebody who knows better wants the plugin to run: all is forgotten.</summary>
    public void Reset() => (_restarts, _doublings) = (0, 0);
}
