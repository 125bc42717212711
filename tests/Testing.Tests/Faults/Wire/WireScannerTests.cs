using Plugwire.Testing.Faults.Wire;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Launching;

namespace Plugwire.Testing.Tests.Faults.Wire;

public sealed class WireScannerTests
{
    private static readonly byte[] Conversation =
    [
        .. FrameWriter.Preface,
        .. Frame(FrameType.Settings, 0, 0),
        .. Frame(FrameType.Headers, FrameFlags.EndHeaders, 1, 1, 2, 3),

        // A message of three bytes and half of one of four; the rest comes behind another stream's, padded.
        .. Frame(FrameType.Data, 0, 1, 0, 0, 0, 0, 3, 7, 7, 7, 0, 0, 0, 0, 4, 8),
        .. Frame(FrameType.Data, FrameFlags.EndStream, 3, 0, 0, 0, 0, 0),
        .. Frame(FrameType.Data, FrameFlags.Padded | FrameFlags.EndStream, 1, 2, 8, 8, 8, 0, 0),
        .. Frame(FrameType.Data, FrameFlags.EndStream, 5),
    ];

    private static readonly int FramesOfConversation = 6;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Bytes_InPiecesOfAnySize_HaveTheSameFramesAndMessages(int size)
    {
        var steps = Scan(new WireScanner(), Conversation, size);

        Assert.Equal(Conversation.Length, steps.Sum(step => step.Length));
        Assert.Equal((FramesOfConversation, FramesOfConversation), (steps.Count(step => step.FrameBegins), steps.Count(step => step.FrameEnds)));
        Assert.Equal((3, 3), (steps.Count(step => step.MessageBegins), steps.Count(step => step.MessageEnds)));
    }

    [Fact]
    public void Message_InTwoFrames_BeginsInTheFirstAndEndsInTheSecond()
    {
        var scanner = new WireScanner();
        Scan(scanner, Frame(FrameType.Settings, 0, 0), int.MaxValue);

        var first = Scan(scanner, Frame(FrameType.Data, 0, 1, 0, 0, 0), int.MaxValue);
        var second = Scan(scanner, Frame(FrameType.Data, 0, 1, 0, 2, 9, 9), int.MaxValue);

        Assert.Equal((true, false), (first.Any(step => step.MessageBegins), first.Any(step => step.MessageEnds)));
        Assert.Equal((false, true), (second.Any(step => step.MessageBegins), second.Any(step => step.MessageEnds)));
    }

    [Fact]
    public void HostPreamble_BeforeHttp2_IsNoFrame()
    {
        byte[] bytes = [.. HostConnectionPreamble.Format(new byte[HostConnectionPreamble.TokenBytes]), .. Frame(FrameType.Settings, 0, 0)];

        var steps = Scan(new WireScanner(), bytes, int.MaxValue);

        Assert.Equal([HostConnectionPreamble.Length, FrameHeader.Size], steps.Select(step => step.Length));
        Assert.Equal([false, true], steps.Select(step => step.FrameEnds));
    }

    [Fact]
    public void PlaceForAFrame_IsBehindTheFirstAndNotWithinAHeaderList()
    {
        var scanner = new WireScanner();

        Assert.False(scanner.IsBetweenFrames);
        Scan(scanner, Frame(FrameType.Settings, 0, 0), int.MaxValue);
        Assert.True(scanner.IsBetweenFrames);
        Scan(scanner, Frame(FrameType.Headers, 0, 1, 1), int.MaxValue);
        Assert.False(scanner.IsBetweenFrames);
        Scan(scanner, Frame(FrameType.Continuation, FrameFlags.EndHeaders, 1, 1), int.MaxValue);
        Assert.True(scanner.IsBetweenFrames);
        Scan(scanner, Frame(FrameType.Ping, 0, 0, 1, 2, 3).AsSpan(0, FrameHeader.Size + 1), int.MaxValue);
        Assert.False(scanner.IsBetweenFrames);
    }

    [Fact]
    public void ResetStream_WithinAMessage_LeavesNothingOfIt()
    {
        var scanner = new WireScanner();
        Scan(scanner, Frame(FrameType.Data, 0, 1, 0, 0, 0), int.MaxValue);
        Scan(scanner, Frame(FrameType.RstStream, 0, 1, 0, 0, 0, 8), int.MaxValue);

        var steps = Scan(scanner, Frame(FrameType.Data, 0, 1, 0, 0, 0, 0, 1, 7), int.MaxValue);

        Assert.Single(steps, step => step.MessageBegins);
        Assert.Single(steps, step => step.MessageEnds);
    }

    private static List<WireStep> Scan(WireScanner scanner, ReadOnlySpan<byte> bytes, int size)
    {
        var steps = new List<WireStep>();
        while (!bytes.IsEmpty)
        {
            var step = scanner.Next(bytes[..Math.Min(size, bytes.Length)]);
            Assert.InRange(step.Length, 1, bytes.Length);
            steps.Add(step);
            bytes = bytes[step.Length..];
        }

        return steps;
    }

    private static byte[] Frame(FrameType type, FrameFlags flags, int streamId, params byte[] payload)
    {
        var frame = new byte[FrameHeader.Size + payload.Length];
        new FrameHeader(payload.Length, type, flags, streamId).Write(frame);
        payload.CopyTo(frame, FrameHeader.Size);
        return frame;
    }
}
