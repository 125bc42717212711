using System.Diagnostics;

namespace Plugwire.Testing.Time;

/// <summary>A timer of a <see cref="ManualClock"/>, which guards all of its state.</summary>
internal sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
{
    // What the system's timers take.
    private const long LongestMilliseconds = 0xfffffffe;

    // Null where the flow is suppressed: the callback then runs in the context of none.
    private readonly ExecutionContext? _context = ExecutionContext.Capture();

    /// <summary>The timestamp at which it fires next, when it is armed.</summary>
    public long Due { get; set; }

    /// <summary>Which of those that are due at the same time comes first.</summary>
    public long Order { get; set; }

    public TimeSpan Period { get; set; } = Timeout.InfiniteTimeSpan;

    public bool IsPeriodic => Period >= TimeSpan.FromMilliseconds(1);

    /// <summary>Null until it has been armed for the first time.</summary>
    public StackTrace? Origin { get; set; }

    /// <summary>Ends when no callback runs.</summary>
    public Task Calls { get; set; } = Task.CompletedTask;

    public bool IsDisposed { get; set; }

    /// <exception cref="ArgumentOutOfRangeException">The system's timers do not take it either.</exception>
    public static void ThrowIfUnusable(TimeSpan dueTime, TimeSpan period)
    {
        ThrowIfUnusable(dueTime, nameof(dueTime));
        ThrowIfUnusable(period, nameof(period));
    }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        ThrowIfUnusable(dueTime, period);
        return clock.Arm(this, dueTime, period);
    }

    /// <summary>Begins to call the callback, on the pool.</summary>
    /// <returns>Ends with it. Never faults.</returns>
    public Task Call()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ThreadPool.UnsafeQueueUserWorkItem(
            static call =>
            {
                call.Timer.CallNow();
                call.Ended.SetResult();
            },
            (Timer: this, Ended: ended), preferLocal: false);
        return ended.Task;
    }

    public void Dispose() => clock.Disarm(this);

    public ValueTask DisposeAsync() => new(clock.Disarm(this));

    private static void ThrowIfUnusable(TimeSpan time, string name)
    {
        // As the system's: what is less than a millisecond does not count here.
        var milliseconds = (long)time.TotalMilliseconds;
        ArgumentOutOfRangeException.ThrowIfLessThan(milliseconds, -1, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(milliseconds, LongestMilliseconds, name);
    }

    private void CallNow()
    {
        // Disposed of between its time and its turn on the pool.
        if (!clock.MayCall(this))
            return;

        try
        {
            if (_context is null)
                callback(state);
            else
                ExecutionContext.Run(_context, static timer => ((ManualTimer)timer!).CallInContext(), this);
        }
        catch (Exception failure)
        {
            clock.Note(this, failure);
        }
    }

    private void CallInContext() => callback(state);
}
