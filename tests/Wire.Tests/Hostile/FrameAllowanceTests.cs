using Microsoft.Extensions.Time.Testing;
using Plugwire.Wire.Http2;

namespace Plugwire.Wire.Tests.Hostile;

[Trait("Hostile", "allowance")]
public sealed class FrameAllowanceTests
{
    private readonly FakeTimeProvider _clock = new();
    private long _ours;

    [Fact]
    public void Spend_BeyondTheLimit_EndsTheConnectionAndNamesFrameAndLimit()
    {
        var allowance = Create(100);
        Spend(allowance, 100);
        var refusal = Assert.Throws<Http2ConnectionException>(() => allowance.Spend("PING"));
        Assert.Equal(Http2ErrorCode.EnhanceYourCalm, refusal.ErrorCode);
        Assert.Contains("the limit is 100", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("PING", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Spend_AtTheLimitsRate_NeverEnds()
    {
        var allowance = Create(100);
        Spend(allowance, 100);
        for (var i = 0; i < 1000; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            allowance.Spend("PING");
        }

        Assert.Throws<Http2ConnectionException>(() => Spend(allowance, 2));
    }

    [Fact]
    public void Spend_AfterALongPause_HasTheLimitOnceAndNotForEachSecond()
    {
        var allowance = Create(100);
        Spend(allowance, 100);
        _clock.Advance(TimeSpan.FromHours(1));
        Spend(allowance, 100);
        Assert.Throws<Http2ConnectionException>(() => allowance.Spend("PING"));
    }

    [Fact]
    public void Spend_ThreeForEachFrameOfOurs_NeverEnds()
    {
        // A WINDOW_UPDATE for the stream and one for the connection, and a PING: what a peer in Go says of each frame it reads.
        var allowance = Create(100);
        for (var i = 0; i < 100_000; i++)
        {
            _ours++;
            Spend(allowance, 3);
        }

        Assert.Throws<Http2ConnectionException>(() => Spend(allowance, 301));
    }

    [Fact]
    public void Spend_WithoutALimit_NeverEnds() => Spend(Create(null), 1_000_000);

    [Fact]
    public void Spend_AtMostOfItsLimit_AllocatesNothing()
    {
        var allowance = Create(1000);
        allowance.Spend("PING");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            _ours++;
            allowance.Spend("PING");
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    private FrameAllowance Create(int? limit) => new(limit, _clock, () => _ours);

    private static void Spend(FrameAllowance allowance, int times)
    {
        for (var i = 0; i < times; i++)
            allowance.Spend("PING");
    }
}
