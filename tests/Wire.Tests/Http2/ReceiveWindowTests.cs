using FsCheck;
using FsCheck.Fluent;
using Plugwire.Wire.Http2;

namespace Plugwire.Wire.Tests.Http2;

public sealed class ReceiveWindowTests
{
    private enum Kind { Receive, Release, ReturnPadding, MakeRoom }

    private readonly record struct Step(Kind Kind, int Count);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(7, 7)]
    [InlineData(40, 40)]
    [InlineData(40, 3)]
    public void Window_AnyHistory_MovesBytesAsTheModelDoes(int size, int granted) =>
        Replayed.ForAllHistories(Steps(Gen.Choose(0, size * 2)), steps => CompareWithModel(size, granted, steps));

    private static void CompareWithModel(int size, int granted, Step[] steps)
    {
        var window = new ReceiveWindow(size, granted);
        var model = new OneByteAtATime(size, granted);
        foreach (var (kind, count) in steps)
        {
            switch (kind)
            {
                case Kind.Receive:
                    Assert.Equal(model.Receive(count), window.TryReceive(count));
                    break;
                case Kind.Release:
                    var released = Math.Min(count, model.Buffered);
                    Assert.Equal(model.Release(released), window.Release(released));
                    break;
                case Kind.ReturnPadding:
                    var padding = Math.Min(count, model.Buffered);
                    Assert.Equal(model.ReturnPadding(padding), window.ReturnPadding(padding));
                    break;
                case Kind.MakeRoom:
                    Assert.Equal(model.MakeRoom(count), window.MakeRoom(count));
                    break;
            }

            Assert.Equal(
                (model.Granted, model.Buffered, model.Owed, model.Extra),
                (window.Granted, window.Buffered, window.Owed, window.Extra));
        }
    }

    [Fact]
    public void Window_AnyHistoryOfLargeCounts_NeverOverflowsNorStalls()
    {
        var counts = Gen.OneOf(Gen.Choose(0, 300_000), Gen.Choose(0, int.MaxValue), Gen.Constant(int.MaxValue));
        Replayed.ForAllHistories(Steps(counts), steps => Replay(262_144, steps));
        Replayed.ForAllHistories(Steps(counts), steps => Replay(int.MaxValue, steps));
    }

    private static void Replay(int size, Step[] steps)
    {
        // What the peer knows, and what the reader holds.
        long granted = size, buffered = 0, needed = 0;
        var window = new ReceiveWindow(size);
        foreach (var (kind, count) in steps)
        {
            switch (kind)
            {
                case Kind.Receive:
                    var isAllowed = count <= granted;
                    Assert.Equal(isAllowed, window.TryReceive(count));
                    if (!isAllowed) break;
                    granted -= count;
                    buffered += count;
                    break;
                case Kind.Release:
                    var released = (int)Math.Min(count, buffered);
                    granted += window.Release(released);
                    buffered -= released;
                    needed = 0;
                    break;
                case Kind.ReturnPadding:
                    var padding = (int)Math.Min(count, buffered);
                    granted += window.ReturnPadding(padding);
                    buffered -= padding;
                    Assert.True(granted + buffered >= needed, "The message that the reader waits for could never arrive.");
                    break;
                case Kind.MakeRoom:
                    needed = count;
                    var increment = window.MakeRoom(count);
                    granted += increment;
                    Assert.True(increment >= 0);
                    Assert.True(granted + buffered >= count, "A message of this size could never arrive.");
                    break;
            }

            Assert.Equal((granted, buffered), (window.Granted, window.Buffered));
            Assert.Equal((long)size + window.Extra, granted + buffered + window.Owed);
            Assert.True(window.Owed >= 0 && window.Extra >= 0);
            Assert.InRange(granted + buffered, (size / 2) + 1, int.MaxValue);
            if (buffered == 0) Assert.True(granted > 0, "A reader that holds nothing would wait for ever.");
        }
    }

    [Fact]
    public void Release_LessThanHalfOfTheWindow_IsNotToldYet()
    {
        var window = new ReceiveWindow(1000);
        Assert.True(window.TryReceive(1000));
        Assert.Equal(0, window.Release(499));
        Assert.Equal(500, window.Release(1));
        Assert.Equal(0, window.Release(499));
        Assert.Equal(500, window.Release(1));
        Assert.Equal(1000, window.Granted);
    }

    [Fact]
    public void TryReceive_MoreThanGranted_IsRefused()
    {
        var window = new ReceiveWindow(100);
        Assert.False(window.TryReceive(101));
        Assert.True(window.TryReceive(100));
        Assert.True(window.TryReceive(0));
        Assert.False(window.TryReceive(1));
    }

    [Fact]
    public void MakeRoom_ForAMessageLargerThanTheWindow_LastsUntilItIsReleased()
    {
        var window = new ReceiveWindow(1000);
        Assert.True(window.TryReceive(1000));
        Assert.Equal(4000, window.MakeRoom(5000));
        Assert.Equal(0, window.MakeRoom(5000)); // asked twice, granted once
        Assert.True(window.TryReceive(4000));

        // The first 4000 bytes pay the extra room back: nothing is granted for them.
        Assert.Equal(0, window.Release(4000));
        Assert.Equal((0, 1000, 0), (window.Granted, window.Buffered, window.Extra));
        Assert.Equal(1000, window.Release(1000));
        Assert.Equal((1000, 0, 0), (window.Granted, window.Buffered, window.Owed));
    }

    [Fact]
    public void ReturnPadding_WithinAMessageThatIsWaitedFor_IsToldAtOnceAndPaysNothingBack()
    {
        var window = new ReceiveWindow(1000);
        Assert.Equal(4000, window.MakeRoom(5000));
        Assert.True(window.TryReceive(300));
        Assert.Equal(100, window.ReturnPadding(100));
        Assert.Equal((4800, 200, 4000), (window.Granted, window.Buffered, window.Extra));

        // With nobody waiting it is told with the rest.
        Assert.Equal(0, window.Release(200));
        Assert.True(window.TryReceive(100));
        Assert.Equal(0, window.ReturnPadding(100));
        Assert.Equal(100, window.Owed);
    }

    [Fact]
    public void MakeRoom_ForAMessageThatFitsTheWindow_TellsWhatIsOwed()
    {
        // 400 are owed but not told, so that only 600 could come: a message of 900 would wait for ever.
        var window = new ReceiveWindow(1000);
        Assert.True(window.TryReceive(400));
        Assert.Equal(0, window.Release(400));
        Assert.Equal(400, window.MakeRoom(900));
        Assert.Equal(0, window.Extra);
    }

    [Fact]
    public void MakeRoom_OfAConnectionsOwnSize_IsItsFirstIncrement()
    {
        var window = new ReceiveWindow(16 * 1024 * 1024, granted: 65_535);
        Assert.Equal((16 * 1024 * 1024) - 65_535, window.MakeRoom(16 * 1024 * 1024));
        Assert.Equal(0, window.MakeRoom(16 * 1024 * 1024));
    }

    [Fact]
    public void Release_MoreThanIsBuffered_Throws()
    {
        var window = new ReceiveWindow(100);
        Assert.True(window.TryReceive(10));
        Assert.Throws<ArgumentOutOfRangeException>(() => window.Release(11));
        Assert.Throws<ArgumentOutOfRangeException>(() => window.Release(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => window.TryReceive(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => window.MakeRoom(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => window.ReturnPadding(11));
        Assert.Throws<ArgumentOutOfRangeException>(() => window.ReturnPadding(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReceiveWindow(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReceiveWindow(10, 11));
        Assert.Equal((90, 10), (window.Granted, window.Buffered));
    }

    private static Gen<Step> Steps(Gen<int> counts) =>
        from kind in Gen.Elements(Kind.Receive, Kind.Receive, Kind.Receive, Kind.Release, Kind.ReturnPadding, Kind.MakeRoom)
        from count in counts
        select new Step(kind, count);

    /// <summary>The same window without arithmetic: one token for each byte, moved one by one.</summary>
    private sealed class OneByteAtATime(int size, int granted)
    {
        private readonly Stack<object> _granted = Tokens(granted);
        private readonly Stack<object> _buffered = new();
        private readonly Stack<object> _owed = Tokens(size - granted);
        private readonly Stack<object> _extra = new();
        private int _needed;

        public int Granted => _granted.Count;
        public int Buffered => _buffered.Count;
        public int Owed => _owed.Count;
        public int Extra => _extra.Count;

        public bool Receive(int count)
        {
            if (_granted.Count < count) return false;
            for (; count > 0; count--) _buffered.Push(_granted.Pop());
            return true;
        }

        public int Release(int count)
        {
            for (; count > 0; count--)
            {
                var token = _buffered.Pop();
                if (!_extra.TryPop(out _)) _owed.Push(token);
            }

            _needed = 0;
            return _owed.Count * 2 >= size ? Grant() : 0;
        }

        public int ReturnPadding(int count)
        {
            for (; count > 0; count--) _owed.Push(_buffered.Pop());
            return _owed.Count * 2 >= size || _granted.Count + _buffered.Count < _needed ? Grant() : 0;
        }

        public int MakeRoom(int count)
        {
            _needed = count;
            if (_granted.Count + _buffered.Count >= count) return 0;
            while (_granted.Count + _buffered.Count + _owed.Count < count)
            {
                _extra.Push(new object());
                _owed.Push(new object());
            }

            return Grant();
        }

        private int Grant()
        {
            var increment = 0;
            for (; _owed.TryPop(out var token); increment++) _granted.Push(token);
            return increment;
        }

        private static Stack<object> Tokens(int count) => new(Enumerable.Range(0, count).Select(_ => new object()));
    }
}
