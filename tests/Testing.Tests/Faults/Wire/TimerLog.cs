using System.Collections.Concurrent;

namespace Plugwire.Testing.Tests.Faults.Wire;

/// <summary>A clock on which every wait is over at once, and which remembers how long each would have been.</summary>
internal sealed class TimerLog : TimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _waits = [];

    public IReadOnlyCollection<TimeSpan> Waits => _waits;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _waits.Enqueue(dueTime);
        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
