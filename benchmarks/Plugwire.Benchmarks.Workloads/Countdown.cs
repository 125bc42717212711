namespace Plugwire.Benchmarks.Workloads;

/// <summary>The operations that are left, for many callers at once.</summary>
public sealed class Countdown(long count)
{
    private long _left = count;

    /// <summary>Whether there was one left to take.</summary>
    public bool TryTake() => Interlocked.Decrement(ref _left) >= 0;
}
