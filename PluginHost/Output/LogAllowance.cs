namespace Plugwire.Hosting.Output;

/// <summary>How many lines may be logged: a hundred a second, and twice that at once. Counts those that may not.</summary>
internal sealed class LogAllowance(TimeProvider timeProvider)
{
    private const double PerSecond = 100;
    private const double AtOnce = 200;

    private double _tokens = AtOnce;
    private long _last = timeProvider.GetTimestamp();
    private long _refused;

    /// <param name="refused">How many were refused since the last that was allowed.</param>
    public bool TryTake(out long refused)
    {
        var now = timeProvider.GetTimestamp();
        _tokens = Math.Min(AtOnce, _tokens + (timeProvider.GetElapsedTime(_last, now).TotalSeconds * PerSecond));
        _last = now;
        if (_tokens < 1)
        {
            _refused++;
            refused = 0;
            return false;
        }

        _tokens--;
        refused = _refused;
        _refused = 0;
        return true;
    }
}
