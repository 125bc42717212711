using System.Globalization;
using Plugwire.Testing.Expecting;
using Plugwire.Testing.Time;

namespace Plugwire.Testing;

// How timers are armed and fired, and what is waited for on the way. The gate is never held while somebody's code runs, but for predicates.
public sealed partial class ManualClock
{
    private const int MostShown = 20;

    /// <summary>How long it waits for the code under test to arm a timer, or to return from a callback, by the system's clock.</summary>
    internal TimeSpan Patience { get; init; } = Expectation.Limit;

    /// <summary>How long it waits for what a timer set off to come to rest, by the system's clock.</summary>
    internal TimeSpan LongestUnrest { get; init; } = Expectation.Limit;

    /// <summary>To be called by the timer.</summary>
    /// <returns>False when it has been disposed of.</returns>
    internal bool Arm(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            _activity++;
            if (timer.IsDisposed)
                return false;

            _armed.Remove(timer);
            timer.Period = period;
            if (dueTime == Timeout.InfiniteTimeSpan)
                return true;

            timer.Due = _timestamp + Math.Max(dueTime.Ticks, 0);
            timer.Order = ++_lastOrder;
            timer.Origin = TimerOrigin.Here();
            if (timer.Due == _timestamp)
                Fire(timer);
            else
                _armed.Add(timer);
            foreach (var wait in _waits)
                wait.Look(_armed.Select(Show));
            return true;
        }
    }

    /// <summary>To be called by the timer. None of its callbacks begins when this has returned.</summary>
    /// <returns>Ends when those that run have.</returns>
    internal Task Disarm(ManualTimer timer)
    {
        lock (_gate)
        {
            _activity++;
            timer.IsDisposed = true;
            _armed.Remove(timer);
            return timer.Calls;
        }
    }

    /// <summary>To be called by the timer when its turn has come on the pool.</summary>
    internal bool MayCall(ManualTimer timer)
    {
        lock (_gate)
            return !timer.IsDisposed;
    }

    /// <summary>To be called by the timer: what its callback threw.</summary>
    internal void Note(ManualTimer timer, Exception exception)
    {
        lock (_gate)
            _failures.Enqueue((timer, exception));
    }

    private async Task<TimeSpan> MoveAsync(Func<PoolDrain, Task<TimeSpan>> move)
    {
        if (Interlocked.Exchange(ref _isMoving, 1) != 0)
            throw new InvalidOperationException("The clock is being moved already: a test that awaits each step moves it once at a time, and the code under test does not move it.");
        try
        {
            return await move(new PoolDrain(() => Interlocked.Read(ref _activity))).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _isMoving, 0);
        }
    }

    private async Task StepToAsync(long end, PoolDrain drain, CancellationToken cancellationToken)
    {
        while (FireNext(end))
            await SettleAsync(drain, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Goes to the next timer, or to the end.</summary>
    /// <returns>Whether there was a timer.</returns>
    private bool FireNext(long end)
    {
        lock (_gate)
        {
            if (_armed.Min is not { } timer || timer.Due > end)
            {
                _timestamp = end;
                return false;
            }

            _timestamp = timer.Due;
            _armed.Remove(timer);
            Fire(timer);
            return true;
        }
    }

    // Under the gate.
    private void Fire(ManualTimer timer)
    {
        if (timer.IsPeriodic)
        {
            timer.Due += timer.Period.Ticks;
            timer.Order = ++_lastOrder;
            _armed.Add(timer);
        }

        var call = timer.Call();
        _running.RemoveWhere(static earlier => earlier.IsCompleted);
        _running.Add(call);
        timer.Calls = timer.Calls.IsCompleted ? call : Task.WhenAll(timer.Calls, call);
    }

    private async Task SettleAsync(PoolDrain drain, CancellationToken cancellationToken)
    {
        do
        {
            await Expectation.MetAsync(Task.WhenAll(TakeRunning()), Patience, () => Describe("The callback of a timer did not return"), cancellationToken).ConfigureAwait(false);
            await drain.RunAsync(LongestUnrest, DescribeUnrest, cancellationToken).ConfigureAwait(false);
        }
        while (HasRunning());

        ThrowIfFailed();
    }

    private Task[] TakeRunning()
    {
        lock (_gate)
            return [.. _running];
    }

    private bool HasRunning()
    {
        lock (_gate)
        {
            _running.RemoveWhere(static call => call.IsCompleted);
            return _running.Count > 0;
        }
    }

    private void ThrowIfFailed()
    {
        lock (_gate)
        {
            if (!_failures.TryDequeue(out var failure))
                return;

            throw new ExpectationException(
                $"The callback of a timer threw, which would have ended the process: {failure.Exception.GetType()}: {failure.Exception.Message} The timer was armed {TimerOrigin.Describe(failure.Timer.Origin)}",
                failure.Exception);
        }
    }

    private async Task WaitAsync(Func<ArmedTimer, bool> predicate, int count, string expected, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var wait = new TimerWait(predicate, count);
        lock (_gate)
        {
            _waits.Add(wait);
            wait.Look(_armed.Select(Show));
        }

        try
        {
            await Expectation.MetAsync(wait.Found, Patience, () => Describe(expected), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
                _waits.Remove(wait);
        }
    }

    private long TimestampIn(TimeSpan time)
    {
        lock (_gate)
            return _timestamp + time.Ticks;
    }

    private long? NextDue()
    {
        lock (_gate)
            return _armed.Min?.Due;
    }

    private ArmedTimer Show(ManualTimer timer) => new(new TimeSpan(timer.Due - _timestamp), timer.IsPeriodic ? timer.Period : null, timer.Origin!);

    private string DescribeUnrest() => Describe("What the timers set off did not come to rest");

    private string Describe(string sentence)
    {
        var armed = ArmedTimers;
        if (armed.Count == 0)
            return $"{sentence}. No timer is armed.";

        var lines = armed.Take(MostShown).Select(timer => $"{Environment.NewLine}  {timer}");
        var more = armed.Count > MostShown ? string.Create(CultureInfo.InvariantCulture, $"{Environment.NewLine}  ... and {armed.Count - MostShown} more") : "";
        return $"{sentence}. The timers that are armed:{string.Concat(lines)}{more}{Environment.NewLine}";
    }
}
