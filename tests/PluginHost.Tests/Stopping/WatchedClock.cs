using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Plugwire.Hosting.Tests.Stopping;

/// <summary>A clock that stands still until the test moves it, and that tells the test when somebody has begun to wait on it.</summary>
internal class WatchedClock : FakeTimeProvider
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Lets a time pass as soon as somebody waits for just that long.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        await WaitForTimerAsync(time);
        Advance(time);
    }

    public async Task WaitForTimerAsync(TimeSpan due)
    {
        while (await _timers.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken) != due)
        {
            // Somebody else's.
        }
    }
}
