using Plugwire.Hosting.Tests.Stopping;

namespace Plugwire.Hosting.Tests.Supervising.Model;

/// <summary>A clock of which the wall part can be set, forwards and backwards, while time passes as before.</summary>
internal sealed class JumpingClock : WatchedClock
{
    private TimeSpan _jumped;

    public void Jump(TimeSpan by) => _jumped += by;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _jumped;

    // The base takes it from the wall.
    public override long GetTimestamp() => base.GetUtcNow().Ticks;
}
