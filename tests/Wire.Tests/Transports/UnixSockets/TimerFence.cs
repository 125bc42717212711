using Microsoft.Extensions.Time.Testing;

namespace Plugwire.Wire.Tests.Transports.UnixSockets;

/// <summary>A clock that stands still, and tells when somebody has begun to wait for it.</summary>
internal sealed class TimerFence : FakeTimeProvider, IDisposable
{
    private readonly SemaphoreSlim _waiting = new(0);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _waiting.Release();
        return timer;
    }

    public async Task NextWaitAsync(CancellationToken cancellationToken) =>
        Assert.True(await _waiting.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken), "Nobody has begun to wait for the clock.");

    public void Dispose() => _waiting.Dispose();
}
