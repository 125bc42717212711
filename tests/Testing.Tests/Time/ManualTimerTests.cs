namespace Plugwire.Testing.Tests.Time;

/// <summary>What the system's timers do, those of the manual clock do, too.</summary>
public sealed class ManualTimerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Never = Timeout.InfiniteTimeSpan;

    private readonly ManualClock _clock = new();

    public static TheoryData<bool> BothClocks => new(false, true);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(BothClocks))]
    public async Task Timer_WithDueTimeZero_FiresWithoutAStep(bool manual)
    {
        var fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        await using var timer = Of(manual).CreateTimer(_ => fired.TrySetResult(), null, TimeSpan.Zero, Never);

        await fired.Task.Within();
    }

    [Theory, MemberData(nameof(BothClocks))]
    public async Task Timer_AtItsTime_RunsInTheContextInWhichItWasMade(bool manual)
    {
        var flowing = new AsyncLocal<string>();
        var seen = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        flowing.Value = "where it was made";
        await using var timer = Of(manual).CreateTimer(_ => seen.TrySetResult(flowing.Value), null, Never, Never);
        flowing.Value = "where it was changed";

        timer.Change(TimeSpan.Zero, Never);

        Assert.Equal("where it was made", await seen.Task.Within());
    }

    [Theory, MemberData(nameof(BothClocks))]
    public async Task Timer_MadeWhereNothingFlows_RunsInNoContext(bool manual)
    {
        var flowing = new AsyncLocal<string>();
        var seen = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        flowing.Value = "here";
        ITimer timer;
        using (ExecutionContext.SuppressFlow())
            timer = Of(manual).CreateTimer(_ => seen.TrySetResult(flowing.Value), null, TimeSpan.Zero, Never);

        await using (timer)
            Assert.Null(await seen.Task.Within());
    }

    [Theory, MemberData(nameof(BothClocks))]
    public async Task DisposeAsync_WhileTheCallbackRuns_EndsWithIt(bool manual)
    {
        using var release = new ManualResetEventSlim();
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var over = false;
        var timer = Of(manual).CreateTimer(
            _ =>
            {
                running.SetResult();
                release.Wait(Token);
                over = true;
            },
            null, TimeSpan.Zero, Never);
        await running.Task.Within();

        var disposal = timer.DisposeAsync().AsTask();

        Assert.False(disposal.IsCompleted);
        release.Set();
        await disposal.Within();
        Assert.True(over);
    }

    [Theory, MemberData(nameof(BothClocks))]
    public void Change_OfADisposedTimer_IsRefused(bool manual)
    {
        var timer = Of(manual).CreateTimer(static _ => { }, null, Never, Never);

        Assert.True(timer.Change(TimeSpan.FromDays(1), Never));
        timer.Dispose();
        timer.Dispose();

        Assert.False(timer.Change(TimeSpan.FromDays(1), Never));
    }

    [Theory]
    [MemberData(nameof(Times), false)]
    [MemberData(nameof(Times), true)]
    public void Timer_WithATime_IsTakenOrRefused(bool manual, double milliseconds, bool isTaken)
    {
        var time = TimeSpan.FromMilliseconds(milliseconds);
        var clock = Of(manual);
        using var timer = clock.CreateTimer(static _ => { }, null, Never, Never);

        var refusals = new[]
        {
            Record.Exception(() => clock.CreateTimer(static _ => { }, null, time, Never).Dispose()),
            Record.Exception(() => clock.CreateTimer(static _ => { }, null, Never, time).Dispose()),
            Record.Exception(() => timer.Change(time, Never)),
            Record.Exception(() => timer.Change(Never, time)),
        };

        Assert.All(refusals, refusal => Assert.Equal(isTaken, refusal is null));
        Assert.All(refusals, refusal => Assert.True(refusal is null or ArgumentOutOfRangeException));
    }

    [Fact]
    public async Task Timer_WithAPeriod_FiresAtEachOfItsTimes()
    {
        var times = new List<TimeSpan>();
        var began = _clock.GetTimestamp();
        await using var timer = _clock.CreateTimer(_ => times.Add(_clock.GetElapsedTime(began)), null, Second, 2 * Second);

        await _clock.AdvanceAsync(6 * Second, Token).Within();

        Assert.Equal([Second, 3 * Second, 5 * Second], times);
    }

    [Fact]
    public async Task Timer_Changed_FiresAtItsNewTimeAlone()
    {
        var times = new List<TimeSpan>();
        var began = _clock.GetTimestamp();
        await using var timer = _clock.CreateTimer(_ => times.Add(_clock.GetElapsedTime(began)), null, Second, Second);

        timer.Change(3 * Second, Never);
        await _clock.AdvanceAsync(9 * Second, Token).Within();

        Assert.Equal([3 * Second], times);
        Assert.Empty(_clock.ArmedTimers);
    }

    [Fact]
    public async Task Timer_DisposedOfByOneDueAtTheSameTime_DoesNotFire()
    {
        var fired = false;
        ITimer? second = null;
        await using var first = _clock.CreateTimer(_ => second!.Dispose(), null, Second, Never);
        second = _clock.CreateTimer(_ => fired = true, null, Second, Never);

        await _clock.AdvanceAsync(Second, Token).Within();

        Assert.False(fired);
    }

    public static TheoryData<bool, double, bool> Times(bool manual) => new()
    {
        { manual, -2, false },
        { manual, -1.5, true },
        { manual, -1, true },
        { manual, -0.5, true },
        { manual, 4294967294, true },
        { manual, 4294967295, false },
    };

    private TimeProvider Of(bool manual) => manual ? _clock : TimeProvider.System;
}
