namespace Plugwire.Hosting.Tests.Supervising.Model;

/// <summary>
/// What a supervisor should do, in the fewest words: no tasks, no clock, no races. Each event is told what follows from it, as the states that the real one must go through.
/// </summary>
internal sealed class ReferenceSupervisor(PluginRestartOptions rules)
{
    private int _restarts;
    private double _doublings;
    private TimeSpan _healthySince;

    public PluginState State { get; private set; } = PluginState.Starting;

    public int Launch { get; private set; } = 1;

    public TimeSpan Now { get; private set; }

    /// <summary>When a plugin that backs off is started again.</summary>
    public TimeSpan NextStart { get; private set; }

    public bool IsOver => State is PluginState.Stopped or PluginState.Faulted;

    public (PluginState State, int Launch)[] Started()
    {
        _healthySince = Now;
        return To(PluginState.Ready);
    }

    public (PluginState State, int Launch)[] StartFailed(PluginStartReason reason, double chance) =>
        Launch == 1 || reason == PluginStartReason.NotFound || rules.Policy == PluginRestartPolicy.Never ? To(PluginState.Faulted) : Again(TimeSpan.Zero, chance);

    public (PluginState State, int Launch)[] Ended(PluginExitReason reason, double chance)
    {
        var draining = To(PluginState.Draining);
        var isMeant = reason == PluginExitReason.Exited;
        var isRestarted = rules.Policy == PluginRestartPolicy.Always || (rules.Policy == PluginRestartPolicy.OnCrash && !isMeant);
        return [.. draining, .. isRestarted ? Again(Now - _healthySince, chance) : To(isMeant ? PluginState.Stopped : PluginState.Faulted)];
    }

    public (PluginState State, int Launch)[] Passed(TimeSpan time)
    {
        Now += time;
        return State == PluginState.BackingOff && Now >= NextStart ? Start() : [];
    }

    public (PluginState State, int Launch)[] RestartAsked()
    {
        if (State == PluginState.Starting)
            return [];

        var draining = State == PluginState.Ready ? To(PluginState.Draining) : [];
        (_restarts, _doublings) = (0, 0);
        return [.. draining, .. Start()];
    }

    public (PluginState State, int Launch)[] StopAsked() => State == PluginState.Ready ? [.. To(PluginState.Draining), .. To(PluginState.Stopped)] : To(PluginState.Stopped);

    private (PluginState State, int Launch)[] Again(TimeSpan healthyFor, double chance)
    {
        _restarts = healthyFor >= rules.Window ? 0 : _restarts;
        _doublings = healthyFor >= rules.ForgivenAfter ? 0 : _doublings;
        if (rules.MaxRestarts is { } most && _restarts == most)
            return To(PluginState.Quarantined);

        _restarts++;
        var delay = Math.Min(rules.MaxDelay.TotalSeconds, rules.FirstDelay.TotalSeconds * Math.Pow(2, _doublings++));
        NextStart = Now + TimeSpan.FromSeconds(delay * (0.8 + (0.4 * chance)));
        return To(PluginState.BackingOff);
    }

    private (PluginState State, int Launch)[] Start()
    {
        Launch++;
        return To(PluginState.Starting);
    }

    private (PluginState State, int Launch)[] To(PluginState state)
    {
        State = state;
        return [(state, Launch)];
    }
}
