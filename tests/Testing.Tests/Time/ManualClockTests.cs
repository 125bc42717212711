namespace Plugwire.Testing.Tests.Time;

public sealed class ManualClockTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Never = Timeout.InfiniteTimeSpan;

    private readonly ManualClock _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clock_BetweenSteps_StandsStill()
    {
        var (utc, timestamp) = (_clock.GetUtcNow(), _clock.GetTimestamp());

        await _clock.AdvanceAsync(TimeSpan.Zero, Token).Within();

        Assert.Equal(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), utc);
        Assert.Equal(utc, _clock.GetUtcNow());
        Assert.Equal(utc, _clock.GetLocalNow());
        Assert.Equal(TimeSpan.Zero, _clock.GetElapsedTime(timestamp));
    }

    [Fact]
    public async Task Advance_OverTimersOutOfOrder_FiresEachAtItsTimeAndThoseOfATimeAsTheyWereArmed()
    {
        var fired = new List<string>();
        var began = _clock.GetTimestamp();
        string[] order = ["3 a", "1 a", "3 b", "2 a", "1 b"];
        var timers = order.Select(name => _clock.CreateTimer(_ => fired.Add($"{name} at {_clock.GetElapsedTime(began).TotalSeconds}"), null, (name[0] - '0') * Second, Never)).ToArray();

        await _clock.AdvanceAsync(3 * Second, Token).Within();

        Assert.Equal(["1 a at 1", "1 b at 1", "2 a at 2", "3 a at 3", "3 b at 3"], fired);
        Assert.All(timers, timer => timer.Dispose());
    }

    [Fact]
    public async Task Advance_ByOneTickLessThanATimerTakes_DoesNotFireIt()
    {
        var fired = false;
        await using var timer = _clock.CreateTimer(_ => fired = true, null, Second, Never);

        await _clock.AdvanceAsync(Second - TimeSpan.FromTicks(1), Token).Within();
        Assert.False(fired);

        await _clock.AdvanceAsync(TimeSpan.FromTicks(1), Token).Within();
        Assert.True(fired);
    }

    [Fact]
    public async Task Advance_OverALoopThatWaitsAgain_RunsEachOfItsTurnsAtItsTime()
    {
        var began = _clock.GetTimestamp();
        var turns = new List<TimeSpan>();
        var loop = LoopAsync();

        await _clock.AdvanceAsync(10 * Second, Token).Within();

        Assert.Equal([Second, 3 * Second, 6 * Second, 10 * Second], turns);
        await loop.Within();

        async Task LoopAsync()
        {
            for (var turn = 1; turn <= 4; turn++)
            {
                await Task.Delay(turn * Second, _clock, Token).ConfigureAwait(false);
                turns.Add(_clock.GetElapsedTime(began));
            }
        }
    }

    [Fact]
    public async Task Advance_RightAfterTheWorkWasBegun_FindsTheTimerThatItArmsLater()
    {
        var work = Task.Run(
            async () =>
            {
                for (var hop = 0; hop < 20; hop++)
                    await Task.Yield();
                await Task.Delay(Second, _clock, Token).ConfigureAwait(false);
            },
            Token);

        await _clock.AdvanceAsync(Second, Token).Within();

        Assert.True(work.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task AdvanceToNextTimer_WithoutOne_WaitsUntilOneIsArmed()
    {
        var step = _clock.AdvanceToNextTimerAsync(Token);
        Assert.False(step.IsCompleted);

        var delay = Task.Delay(3 * Second, _clock, Token);

        Assert.Equal(3 * Second, await step.Within());
        Assert.True(delay.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task AdvanceToNextTimer_WithSome_GoesToTheNearestAlone()
    {
        var (near, far) = (Task.Delay(Second, _clock, Token), Task.Delay(2 * Second, _clock, Token));

        Assert.Equal(Second, await _clock.AdvanceToNextTimerAsync(Token).Within());

        Assert.True(near.IsCompletedSuccessfully);
        Assert.False(far.IsCompleted);
        Assert.Equal(Second, await _clock.AdvanceToNextTimerAsync(Token).Within());
        await far.Within();
    }

    [Theory]
    [InlineData(3650)]
    [InlineData(-3650)]
    public async Task WallClock_ThatJumps_LeavesTimestampsAndTimersAlone(int days)
    {
        var (utc, timestamp) = (_clock.GetUtcNow(), _clock.GetTimestamp());
        var delay = Task.Delay(Second, _clock, Token);

        _clock.JumpWallClock(TimeSpan.FromDays(days));
        await _clock.AdvanceAsync(Second - TimeSpan.FromTicks(1), Token).Within();
        Assert.False(delay.IsCompleted);
        await _clock.AdvanceAsync(TimeSpan.FromTicks(1), Token).Within();

        Assert.True(delay.IsCompletedSuccessfully);
        Assert.Equal(Second, _clock.GetElapsedTime(timestamp));
        Assert.Equal(utc + TimeSpan.FromDays(days) + Second, _clock.GetUtcNow());
    }

    [Fact]
    public void WallClock_ThatJumpsToNoDate_IsRefusedAndStays()
    {
        var utc = _clock.GetUtcNow();

        Assert.Throws<ArgumentOutOfRangeException>(() => _clock.JumpWallClock(TimeSpan.FromDays(-800_000)));

        Assert.Equal(utc, _clock.GetUtcNow());
    }

    [Fact]
    public async Task Advance_WhileAnotherAdvances_IsRefused()
    {
        using var release = new ManualResetEventSlim();
        await using var timer = _clock.CreateTimer(_ => release.Wait(Token), null, Second, Never);
        var first = _clock.AdvanceAsync(Second, Token);

        await Assert.ThrowsAsync<InvalidOperationException>(() => _clock.AdvanceAsync(Second, Token).Within());

        release.Set();
        await first.Within();
    }

    [Fact]
    public async Task Advance_OverACallbackThatThrows_FailsWithItAndSaysWhereItWasArmed()
    {
        await using var timer = _clock.CreateTimer(static _ => throw new FormatException("Not this."), null, Second, Never);

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => _clock.AdvanceAsync(Second, Token).Within());

        Assert.Contains("System.FormatException: Not this.", failure.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Advance_OverACallbackThatThrows_FailsWithItAndSaysWhereItWasArmed), failure.Message, StringComparison.Ordinal);
        Assert.IsType<FormatException>(failure.InnerException);
        await _clock.AdvanceAsync(Second, Token).Within();
    }

    [Fact]
    public async Task Advance_ThatIsCancelled_EndsBetweenTwoTimers()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var began = _clock.GetTimestamp();
        await using var timer = _clock.CreateTimer(_ => cancellation.Cancel(), null, Second, Never);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _clock.AdvanceAsync(5 * Second, cancellation.Token).Within());

        Assert.Equal(Second, _clock.GetElapsedTime(began));
    }
}
