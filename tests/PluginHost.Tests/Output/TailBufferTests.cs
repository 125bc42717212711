using System.Text;
using Plugwire.Hosting.Output;

namespace Plugwire.Hosting.Tests.Output;

public sealed class TailBufferTests
{
    [Fact]
    public void GetText_NothingLost_IsAll()
    {
        var tail = new TailBuffer(64);
        Assert.Equal("", tail.GetText(64));

        tail.Append("one\n"u8);
        tail.Append([]);
        tail.Append("two"u8);

        Assert.Equal("one\ntwo", tail.GetText(64));
    }

    [Fact]
    public void GetText_BeginningLost_StartsAtALine()
    {
        var tail = new TailBuffer(16);

        tail.Append("aaaaaaaaaaaaa\nbbb\nccc"u8);

        Assert.Equal("ccc", tail.GetText(4));
        Assert.Equal("aaaaaaaa\nbbb\nccc", tail.GetText(16));
        Assert.Equal("bbb\nccc", tail.GetText(9));
    }

    [Fact]
    public void GetText_CutInACharacter_DropsItsRest()
    {
        var tail = new TailBuffer(5);

        tail.Append("äöü"u8);

        Assert.Equal("öü", tail.GetText(5));
        Assert.Equal("ü", tail.GetText(3));
    }

    [Fact]
    public void GetText_InvalidBytes_AreReplaced()
    {
        var tail = new TailBuffer(16);

        tail.Append([(byte)'a', 0xFE, (byte)'b']);

        Assert.Equal("a\ufffdb", tail.GetText(16));
    }

    [Fact]
    public void Append_AnySteps_KeepsTheLastBytes()
    {
        var random = new Random(20261122);
        for (var i = 0; i < 200; i++)
        {
            var capacity = random.Next(1, 5000);
            var tail = new TailBuffer(capacity);
            var all = new StringBuilder();
            for (var step = random.Next(1, 30); step > 0; step--)
            {
                var text = new string((char)random.Next('a', 'z'), random.Next(0, 3000));
                all.Append(text);
                tail.Append(Encoding.ASCII.GetBytes(text));
            }

            Assert.Equal(all.ToString(Math.Max(0, all.Length - capacity), Math.Min(capacity, all.Length)), tail.GetText(capacity));
        }
    }
}
