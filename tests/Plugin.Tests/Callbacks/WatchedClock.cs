using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Plugwire.Tests.Callbacks;

/// <summary>A clock that stands still until the test moves it, and that tells the test when somebody has begun to wait on it.</summary>
internal sealed class WatchedClock : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>What has been waited for so far is no more of interest.</summary>
    public void Forget()
    {
        while (_timers.Reader.TryRead(out _))
        {
            // It is somebody else's.
        }
    }

    public async Task WaitForTimerAsync(TimeSpan due)
    {
        while (await _timers.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Within() != due)
        {
            // Somebody else's.
        }
    }
}
