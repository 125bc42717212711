using Microsoft.Extensions.Time.Testing;
using Plugwire.Hosting.Output;

namespace Plugwire.Hosting.Tests.Output;

public sealed class LogAllowanceTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void TryTake_AtOnce_GivesTwoSecondsWorthAndSaysOnceThatMoreCome()
    {
        var allowance = new LogAllowance(10, "lines", _clock);

        Assert.Equal(20, Taken(allowance, 20));
        Assert.False(allowance.TryTake(out var notice));
        Assert.Equal("More than 10 lines come in a second. They are left out of the log until fewer come.", notice);
        Assert.False(allowance.TryTake(out notice));
        Assert.Null(notice);
        Assert.Equal("2 lines were left out of the log.", allowance.TakeNotice());
        Assert.Null(allowance.TakeNotice());
    }

    [Fact]
    public void TryTake_Flood_GivesSoManyASecondWithOneCountEach()
    {
        var allowance = new LogAllowance(10, "lines", _clock);
        var notices = new List<string>();
        var taken = 0;

        for (var i = 0; i < 1000; i++)
        {
            if (allowance.TryTake(out var notice))
                taken++;
            if (notice is not null)
                notices.Add(notice);
            _clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        // 10 s: what was there at once, and ten for each second.
        Assert.InRange(taken, 100, 120);
        Assert.InRange(notices.Count, 5, 12);
        Assert.Single(notices, notice => notice.StartsWith("More than 10 lines", StringComparison.Ordinal));
    }

    [Fact]
    public void TryTake_AfterQuiet_SaysHowManyWereLeftOutAndThenAgainThatMoreCome()
    {
        var allowance = new LogAllowance(10, "lines", _clock);
        Taken(allowance, 25);
        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.True(allowance.TryTake(out var notice));
        Assert.Equal("5 lines were left out of the log.", notice);
        Assert.Equal(19, Taken(allowance, 19));
        Assert.False(allowance.TryTake(out notice));
        Assert.StartsWith("More than 10 lines", notice, StringComparison.Ordinal);
    }

    [Fact]
    public void TryTake_NoLimit_GivesAlways() => Assert.Equal(100_000, Taken(new LogAllowance(null, "lines", _clock), 100_000));

    private static int Taken(LogAllowance allowance, int asked) => Enumerable.Range(0, asked).Count(_ => allowance.TryTake(out var _));
}
