using Plugwire.Testing.Harness;

namespace Plugwire.Testing.Tests.Harness;

/// <summary>How long the end of a harness waits for handlers whose callers have turned away.</summary>
public sealed class HandlersLeftTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(50);

    private readonly ManualClock _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Handler_OnItsWayToItsEnd_IsWaitedFor()
    {
        var running = 1;
        var left = HarnessRun.HandlersLeftAsync(() => Volatile.Read(ref running), Limit, _clock);
        await _clock.AdvanceAsync(Limit / 2, Token);
        Assert.False(left.IsCompleted);

        Volatile.Write(ref running, 0);
        await _clock.AdvanceToNextTimerAsync(Token);

        Assert.Equal(0, await left.Within());
    }

    [Fact]
    public async Task Handlers_ThatNeverEnd_AreCountedWhenTheLimitHasPassed()
    {
        var left = HarnessRun.HandlersLeftAsync(static () => 2, Limit, _clock);
        await _clock.AdvanceAsync(Limit - TimeSpan.FromTicks(1), Token);
        Assert.False(left.IsCompleted);

        await _clock.AdvanceAsync(TimeSpan.FromTicks(1), Token);

        Assert.Equal(2, await left.Within());
    }

    [Fact]
    public async Task Handlers_ThatHaveAllEnded_AreNotWaitedFor()
    {
        var left = HarnessRun.HandlersLeftAsync(static () => 0, Limit, _clock);

        Assert.True(left.IsCompleted);
        Assert.Equal(0, await left);
    }
}
