namespace Plugwire.Testing.Tests.Time;

public sealed class TimerWaitTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualClock _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wait_ForATimerThatIsThere_EndsAtOnce()
    {
        var delay = Task.Delay(Second, _clock, Token);

        await _clock.WaitForTimerAsync(Second, cancellationToken: Token).Within();

        await _clock.AdvanceAsync(Second, Token).Within();
        await delay.Within();
    }

    [Fact]
    public async Task Wait_ForATimer_EndsWhenItIsArmed()
    {
        await using var timer = _clock.CreateTimer(static _ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var wait = _clock.WaitForTimerAsync(Second, cancellationToken: Token);

        timer.Change(2 * Second, Timeout.InfiniteTimeSpan);
        Assert.False(wait.IsCompleted);
        timer.Change(Second, Timeout.InfiniteTimeSpan);

        await wait.Within();
    }

    [Fact]
    public async Task Wait_ForSeveral_EndsWhenThatManyAreArmed()
    {
        var wait = _clock.WaitForTimerAsync(Second, count: 2, Token);
        var first = Task.Delay(Second, _clock, Token);
        Assert.False(wait.IsCompleted);
        var second = Task.Delay(Second, _clock, Token);

        await wait.Within();

        await _clock.AdvanceAsync(Second, Token).Within();
        await Task.WhenAll(first, second).Within();
    }

    [Fact]
    public async Task Wait_ByAPredicate_SeesPeriodAndOrigin()
    {
        await using var once = _clock.CreateTimer(static _ => { }, null, Second, Timeout.InfiniteTimeSpan);
        var wait = _clock.WaitForTimerAsync(timer => timer.Period == Second && timer.Origin.Contains(nameof(Wait_ByAPredicate_SeesPeriodAndOrigin), StringComparison.Ordinal), Token);
        Assert.False(wait.IsCompleted);

        await using var periodic = _clock.CreateTimer(static _ => { }, null, Second, Second);

        await wait.Within();
    }

    [Fact]
    public async Task Wait_ByAPredicateThatThrows_FailsWithItAndLeavesTheArmingAlone()
    {
        var wait = _clock.WaitForTimerAsync(static _ => throw new FormatException(), Token);

        await using var timer = _clock.CreateTimer(static _ => { }, null, Second, Timeout.InfiniteTimeSpan);

        await Assert.ThrowsAsync<FormatException>(() => wait.Within());
    }

    [Fact]
    public async Task Wait_ThatIsCancelled_Ends()
    {
        using var cancellation = new CancellationTokenSource();
        var wait = _clock.WaitForTimerAsync(Second, cancellationToken: cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.Within());
    }

    [Fact]
    public async Task Wait_ForATimerThatNobodyArms_SaysWhichAreArmedAndWhere()
    {
        var clock = new ManualClock { Patience = TimeSpan.FromMilliseconds(1) };
        await using var other = clock.CreateTimer(static _ => { }, null, 2 * Second, Second);

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => clock.WaitForTimerAsync(Second, cancellationToken: Token).Within());

        Assert.StartsWith("A timer that is due in 00:00:01 was expected. The timers that are armed:", failure.Message, StringComparison.Ordinal);
        Assert.Contains("due in 00:00:02, and every 00:00:01 from then, armed at Plugwire.Testing.Tests.Time.TimerWaitTests", failure.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Wait_ForATimerThatNobodyArms_SaysWhichAreArmedAndWhere), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_WithManyArmed_ShowsTheNearestAndCountsTheRest()
    {
        var clock = new ManualClock { Patience = TimeSpan.FromMilliseconds(1) };
        var timers = Enumerable.Range(2, 30).Select(due => clock.CreateTimer(static _ => { }, null, due * Second, Timeout.InfiniteTimeSpan)).ToArray();

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => clock.WaitForTimerAsync(Second, cancellationToken: Token).Within());

        Assert.Equal(20, failure.Message.Split("due in 00:00:").Length - 2);
        Assert.Contains("... and 10 more", failure.Message, StringComparison.Ordinal);
        Assert.All(timers, timer => timer.Dispose());
    }

    [Fact]
    public async Task Wait_WithNoneArmed_SaysSo()
    {
        var clock = new ManualClock { Patience = TimeSpan.FromMilliseconds(1) };

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => clock.WaitForTimerAsync(static timer => timer.Period is not null, Token).Within());

        Assert.Equal("A timer was expected: timer => timer.Period is not null. No timer is armed. Waited 0.001 s.", failure.Message.Replace("static ", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Advance_OverACallbackThatNeverReturns_SaysSo()
    {
        var clock = new ManualClock { Patience = TimeSpan.FromMilliseconds(1) };
        using var release = new ManualResetEventSlim();
        var timer = clock.CreateTimer(_ => release.Wait(Token), null, Second, Timeout.InfiniteTimeSpan);

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => clock.AdvanceAsync(Second, Token).Within());

        Assert.StartsWith("The callback of a timer did not return.", failure.Message, StringComparison.Ordinal);
        release.Set();
        await timer.DisposeAsync().AsTask().Within();
    }

    [Fact]
    public async Task Advance_WithSomebodyWhoNeverStopsAskingTheClock_SaysSo()
    {
        var clock = new ManualClock { LongestUnrest = TimeSpan.FromMilliseconds(100) };
        using var enough = new CancellationTokenSource();
        var asking = AskAsync();

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => clock.AdvanceAsync(Second, Token).Within());

        Assert.StartsWith("What the timers set off did not come to rest.", failure.Message, StringComparison.Ordinal);
        await enough.CancelAsync();
        await asking.Within();

        async Task AskAsync()
        {
            while (!enough.IsCancellationRequested)
            {
                clock.GetTimestamp();
                await Task.Yield();
            }
        }
    }
}
