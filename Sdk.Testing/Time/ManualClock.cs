using System.Globalization;
using System.Runtime.CompilerServices;
using Plugwire.Testing.Time;

namespace Plugwire.Testing;

/// <summary>
/// A clock that stands still until the test moves it. It waits until the code under test has armed its timer, goes from one timer to the next, each at exactly its time, and returns from a step
/// when what the timer set off has run. Safe for use by several threads; one at a time moves it.
/// </summary>
/// <remarks>
/// <para>
/// What "has run" means: timers' callbacks run on the thread pool, and so does all that follows from them in code that awaits. A step ends at a moment at which the pool has nothing to do. Where other
/// tests keep it busy there is no such moment; then it ends when the pool has been passed through often enough that chains of 15 hand-overs from one work item to the next have run to their end, counted
/// from the last time that anybody asked this clock for something. That sees through any amount of other work, and does not see what leaves the pool: input and output of the system (sockets, files,
/// processes), threads of one's own, timers of other clocks. For what goes on there wait for an event, or for the next timer (<see cref="WaitForTimerAsync(TimeSpan, int, CancellationToken)"/>).
/// </para>
/// <para>A timer with a due time of zero is due at once, and runs at once, without a step: no time has to pass for it.</para>
/// </remarks>
public sealed partial class ManualClock : TimeProvider
{
    // A timestamp of zero is "never" in much code.
    private static readonly long FirstTimestamp = TimeSpan.FromHours(1).Ticks;

    private readonly Lock _gate = new();
    private readonly SortedSet<ManualTimer> _armed = new(Comparer<ManualTimer>.Create(static (one, other) => one.Due != other.Due ? one.Due.CompareTo(other.Due) : one.Order.CompareTo(other.Order)));
    private readonly List<TimerWait> _waits = [];
    private readonly HashSet<Task> _running = [];
    private readonly Queue<(ManualTimer Timer, Exception Exception)> _failures = new();
    private readonly TimeZoneInfo _localTimeZone;
    private long _timestamp = FirstTimestamp;
    private long _utcOffset;
    private long _lastOrder;
    private long _activity;
    private int _isMoving;

    /// <summary>Creates a clock that shows midnight of 1 January 2000, UTC, and whose local time is UTC.</summary>
    public ManualClock()
        : this(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>Creates a clock.</summary>
    /// <param name="start">What it shows at first.</param>
    /// <param name="localTimeZone">Its local time; null for UTC.</param>
    public ManualClock(DateTimeOffset start, TimeZoneInfo? localTimeZone = null)
    {
        _utcOffset = start.UtcTicks - FirstTimestamp;
        _localTimeZone = localTimeZone ?? TimeZoneInfo.Utc;
    }

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => _localTimeZone;

    /// <summary>Ticks of 100 ns.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>The timers that will fire as time goes on, in the order in which they will. One without a due time is not armed.</summary>
    public IReadOnlyList<ArmedTimer> ArmedTimers
    {
        get
        {
            lock (_gate)
                return [.. _armed.Select(Show)];
        }
    }

    /// <summary>What a clock on the wall shows: see <see cref="JumpWallClock"/>.</summary>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            _activity++;
            return new DateTimeOffset(_timestamp + _utcOffset, TimeSpan.Zero);
        }
    }

    /// <summary>The time that has passed, in ticks from a beginning that says nothing: it never goes back.</summary>
    public override long GetTimestamp()
    {
        lock (_gate)
        {
            _activity++;
            return _timestamp;
        }
    }

    /// <summary>
    /// A timer of this clock. It does all that the system's does, but for two things: it is exact to 100 ns, where the system's forgets what is less than a millisecond, and a callback that throws
    /// does not end the process: the next step fails with it.
    /// </summary>
    /// <param name="callback">Called on the thread pool, with the execution context of this call. Two callbacks of a step never run at the same time.</param>
    /// <param name="state">Given to it.</param>
    /// <param name="dueTime">When it is called first: from zero, which is at once, to 4294967294 ms; <see cref="Timeout.InfiniteTimeSpan"/> for never.</param>
    /// <param name="period">How long after each call the next is due; zero or <see cref="Timeout.InfiniteTimeSpan"/> for no next.</param>
    /// <exception cref="ArgumentOutOfRangeException">A time is neither of these.</exception>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        ManualTimer.ThrowIfUnusable(dueTime, period);
        var timer = new ManualTimer(this, callback, state);
        Arm(timer, dueTime, period);
        return timer;
    }

    /// <summary>Sets the clock on the wall, as a user or a time server does. Neither the timestamps nor the timers know of it.</summary>
    /// <param name="by">How far; negative for back.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such date.</exception>
    public void JumpWallClock(TimeSpan by)
    {
        lock (_gate)
        {
            var now = new DateTimeOffset(_timestamp + _utcOffset, TimeSpan.Zero);
            _utcOffset += (now + by - now).Ticks;
        }
    }

    /// <summary>Waits until timers are armed that fire in just this time from now. Such as are armed already count. Waits for 30 s of the system's clock at most.</summary>
    /// <param name="dueIn">How long from now, by this clock.</param>
    /// <param name="count">How many: a deadline is waited for by both sides of a call.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ExpectationException">There are none. Says which timers are armed, and where each was.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task WaitForTimerAsync(TimeSpan dueIn, int count = 1, CancellationToken cancellationToken = default) =>
        WaitAsync(
            timer => timer.DueIn == dueIn, count,
            count == 1 ? $"A timer that is due in {dueIn} was expected" : string.Create(CultureInfo.InvariantCulture, $"{count} timers that are due in {dueIn} were expected"), cancellationToken);

    /// <summary>Waits until a timer is armed for which the predicate is true. One that is armed already counts. Waits for 30 s of the system's clock at most.</summary>
    /// <param name="predicate">Which timer; called with timers as they are armed, perhaps on the thread that arms one.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="expression">Left to the compiler: the predicate's text, for the failure.</param>
    /// <exception cref="ExpectationException">There is none. Says which timers are armed, and where each was.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task WaitForTimerAsync(
        Func<ArmedTimer, bool> predicate, CancellationToken cancellationToken = default, [CallerArgumentExpression(nameof(predicate))] string? expression = null)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return WaitAsync(predicate, 1, $"A timer was expected: {expression}", cancellationToken);
    }

    /// <summary>
    /// Lets time pass: from timer to timer in the order in which they are due, those due at the same time in the order in which they were armed, each at exactly its time. What a timer sets off has run
    /// before the next is looked for, so that timers which are armed meanwhile take their turn. What was under way before has run, too, before the time passes.
    /// </summary>
    /// <param name="time">How long. Zero lets what is under way run, and time stand still.</param>
    /// <param name="cancellationToken">Ends it between two timers: what has passed has passed.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative: timers do not know of a time that goes back.</exception>
    /// <exception cref="InvalidOperationException">Somebody else moves the clock at the moment.</exception>
    /// <exception cref="ExpectationException">A callback threw, or what a timer set off did not come to rest within 30 s of the system's clock.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task AdvanceAsync(TimeSpan time, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        return MoveAsync(
            async drain =>
            {
                await SettleAsync(drain, cancellationToken).ConfigureAwait(false);
                await StepToAsync(TimestampIn(time), drain, cancellationToken).ConfigureAwait(false);
                return time;
            });
    }

    /// <summary>Lets what is under way run, waits until a timer is armed, and lets the time pass until it fires; all timers that are due at the same time fire with it.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How much time has passed.</returns>
    /// <exception cref="InvalidOperationException">Somebody else moves the clock at the moment.</exception>
    /// <exception cref="ExpectationException">No timer was armed within 30 s of the system's clock; or as with <see cref="AdvanceAsync"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<TimeSpan> AdvanceToNextTimerAsync(CancellationToken cancellationToken = default) =>
        MoveAsync(
            async drain =>
            {
                var began = TimestampIn(TimeSpan.Zero);
                while (true)
                {
                    await SettleAsync(drain, cancellationToken).ConfigureAwait(false);
                    if (NextDue() is { } due)
                    {
                        await StepToAsync(due, drain, cancellationToken).ConfigureAwait(false);
                        return new TimeSpan(due - began);
                    }

                    await WaitAsync(static _ => true, 1, "A timer was expected", cancellationToken).ConfigureAwait(false);
                }
            });
}
