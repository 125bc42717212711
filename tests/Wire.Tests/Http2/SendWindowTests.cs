using FsCheck.Fluent;
using Plugwire.Wire.Http2;

namespace Plugwire.Wire.Tests.Http2;

public sealed class SendWindowTests
{
    private enum Kind { Consume, Credit, ChangeInitialSize }

    private readonly record struct Step(Kind Kind, int Count);

    [Fact]
    public void Window_AnyHistory_EqualsTheSumOfWhatHappened()
    {
        var step =
            from kind in Gen.Elements(Kind.Consume, Kind.Credit, Kind.ChangeInitialSize)
            from count in Gen.OneOf(Gen.Choose(0, 100), Gen.Choose(0, 200_000), Gen.Choose(0, int.MaxValue), Gen.Constant(int.MaxValue))
            select new Step(kind, count);

        Replayed.ForAllHistories(step, Replay);
    }

    private static void Replay(Step[] steps)
    {
        long initial = SendWindow.DefaultSize, credits = 0, sent = 0;
        var window = new SendWindow(SendWindow.DefaultSize);
        foreach (var (kind, count) in steps)
        {
            var available = initial + credits - sent;
            switch (kind)
            {
                case Kind.Consume:
                    var amount = (int)Math.Min(count, Math.Max(0, available));
                    window.Consume(amount);
                    sent += amount;
                    break;
                case Kind.Credit:
                    Assert.Equal(available + count <= int.MaxValue, window.TryCredit(count));
                    if (available + count <= int.MaxValue) credits += count;
                    break;
                case Kind.ChangeInitialSize:
                    Assert.Equal(available + count - initial <= int.MaxValue, window.TryAdjust((int)(count - initial)));
                    if (available + count - initial <= int.MaxValue) initial = count;
                    break;
            }

            Assert.Equal(initial + credits - sent, window.Available);
        }
    }

    [Fact]
    public void TryCredit_UpToTheLargestWindow_IsTakenAndNotOneByteMore()
    {
        var window = new SendWindow(65_535);
        Assert.True(window.TryCredit(int.MaxValue - 65_535));
        Assert.Equal(int.MaxValue, window.Available);
        Assert.False(window.TryCredit(1));
        Assert.Equal(int.MaxValue, window.Available);
    }

    [Fact]
    public void TryAdjust_BelowWhatWasSent_LeavesAWindowBelowZero()
    {
        var window = new SendWindow(65_535);
        window.Consume(60_000);
        Assert.True(window.TryAdjust(16_384 - 65_535));
        Assert.Equal(16_384 - 60_000, window.Available);

        window.Consume(0); // an empty DATA frame with END_STREAM
        Assert.Throws<ArgumentOutOfRangeException>(() => window.Consume(1));
        Assert.True(window.TryCredit(60_000));
        Assert.Equal(16_384, window.Available);
    }

    [Fact]
    public void TryAdjust_AtTheEndsOfItsRange_NeverWrapsAround()
    {
        var window = new SendWindow(int.MaxValue);
        Assert.False(window.TryAdjust(int.MaxValue));
        window.Consume(int.MaxValue);
        Assert.True(window.TryAdjust(-int.MaxValue));
        Assert.Equal(-int.MaxValue, window.Available);
        Assert.False(window.TryAdjust(-1));
        Assert.False(window.TryAdjust(int.MinValue));
        Assert.Equal(-int.MaxValue, window.Available);
    }

    [Fact]
    public void Consume_MoreThanAvailable_Throws()
    {
        var window = new SendWindow(10);
        Assert.Throws<ArgumentOutOfRangeException>(() => window.Consume(11));
        Assert.Throws<ArgumentOutOfRangeException>(() => window.Consume(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => window.TryCredit(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SendWindow(-1));
        window.Consume(10);
        Assert.Equal(0, window.Available);
    }
}
