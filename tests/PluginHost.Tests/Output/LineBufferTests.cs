using System.Text;
using Plugwire.Hosting.Output;

namespace Plugwire.Hosting.Tests.Output;

public sealed class LineBufferTests
{
    [Fact]
    public void Commit_SplitAtEveryByte_GivesTheSamePieces()
    {
        var text = "one\n\nthree and more\r\nrest"u8.ToArray();
        for (var split = 0; split <= text.Length; split++)
        {
            Assert.Equal(
                ["one|LineBreak", "|LineBreak", "three and more\r|LineBreak", "rest|StreamEnd"],
                Cut(64, text[..split], text[split..]));
        }
    }

    [Fact]
    public void Commit_ByteByByte_GivesTheSamePieces() =>
        Assert.Equal(["ab|LineBreak", "c|LineBreak", "|StreamEnd"], Cut(8, [.. "ab\nc\n"u8.ToArray().Select(b => new[] { b })]));

    [Fact]
    public void Commit_LineAsLongAsTheBuffer_FitsWithItsEnd() =>
        Assert.Equal(["abc|LineBreak", "abcd|BufferFull", "|LineBreak", "|StreamEnd"], Cut(4, "abc\nabcd\n"u8.ToArray()));

    [Fact]
    public void Commit_EndlessLine_ComesInPieces() =>
        Assert.Equal(["aaaa|BufferFull", "aaaa|BufferFull", "aa|StreamEnd"], Cut(4, Enumerable.Repeat((byte)'a', 10).ToArray()));

    [Fact]
    public void Commit_RandomTextInRandomSteps_LosesNothing()
    {
        var random = new Random(20261122);
        for (var i = 0; i < 1000; i++)
        {
            var text = new byte[random.Next(0, 200)];
            for (var at = 0; at < text.Length; at++)
                text[at] = random.Next(6) == 0 ? (byte)'\n' : (byte)'a';
            var steps = new List<byte[]>();
            for (var at = 0; at < text.Length;)
            {
                var step = Math.Min(random.Next(1, 20), text.Length - at);
                steps.Add(text[at..(at + step)]);
                at += step;
            }

            var joined = string.Concat(Cut(16, [.. steps]).Select(piece => piece.EndsWith("|LineBreak", StringComparison.Ordinal) ? piece.Split('|')[0] + "\n" : piece.Split('|')[0]));
            Assert.Equal(Encoding.ASCII.GetString(text), joined);
        }
    }

    private static List<string> Cut(int capacity, params byte[][] steps)
    {
        var pieces = new List<string>();
        var buffer = new LineBuffer(capacity, (piece, end) => pieces.Add($"{Encoding.ASCII.GetString(piece)}|{end}"));
        foreach (var step in steps)
        {
            for (var rest = step.AsSpan(); !rest.IsEmpty;)
            {
                var count = Math.Min(rest.Length, buffer.Free.Length);
                Assert.NotEqual(0, count);
                rest[..count].CopyTo(buffer.Free.Span);
                buffer.Commit(count);
                rest = rest[count..];
            }
        }

        buffer.End();
        return pieces;
    }
}
