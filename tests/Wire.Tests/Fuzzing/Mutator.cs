using System.Buffers.Binary;

namespace Plugwire.Wire.Tests.Fuzzing;

/// <summary>Changes a conversation here and there.</summary>
internal sealed class Mutator(Random random, IReadOnlyList<Conversation> others)
{
    private const int HeaderLength = 9;
    private const int MostFrames = 400;

    private readonly List<string> _steps = [];

    /// <summary>What was done, in order.</summary>
    public IReadOnlyList<string> Steps => _steps;

    public List<byte[]> Mutate(IEnumerable<byte[]> conversation, int steps)
    {
        var frames = conversation.Select(frame => (byte[])frame.Clone()).ToList();
        for (; steps > 0 && frames.Count > 0; steps--)
            Step(frames);
        if (frames.Count > MostFrames)
            frames.RemoveRange(MostFrames, frames.Count - MostFrames);
        return frames;
    }

    /// <summary>One change of bytes, which may be those of any frame or of a header block.</summary>
    public byte[] MutateBytes(byte[] bytes)
    {
        if (bytes.Length == 0)
            return [(byte)random.Next(256)];

        var at = random.Next(bytes.Length);
        byte[] edges = [0, 1, 0x1f, 0x20, 0x3f, 0x40, 0x7f, 0x80, 0xbe, 0xfe, 0xff];
        switch (random.Next(6))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                bytes[at] = edges[random.Next(edges.Length)];
                return bytes;
            case 2:
                return bytes[..at];
            case 3:
                return [.. bytes[..at], edges[random.Next(edges.Length)], .. bytes[at..]];
            case 4:
                var extra = new byte[random.Next(1, 12)];
                random.NextBytes(extra);
                return [.. bytes[..at], .. extra, .. bytes[at..]];
            default:
                return [.. bytes[..at], .. bytes[random.Next(bytes.Length)..]];
        }
    }

    private void Step(List<byte[]> frames)
    {
        var at = random.Next(frames.Count);
        var frame = frames[at];
        switch (frame.Length < HeaderLength ? random.Next(7, 18) : random.Next(18))
        {
            case 0:
                Note("flip a bit", at);
                frame[random.Next(frame.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                Note("an edge as length", at);
                int[] lengths = [0, 1, frame.Length - HeaderLength - 1, frame.Length - HeaderLength + 1, 16_384, 16_385, 65_536, 65_537, 0xFF_FFFF];
                SetLength(frame, lengths[random.Next(lengths.Length)]);
                break;
            case 2:
                Note("an edge as stream", at);
                BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(5), random.Next(2) == 0 ? FuzzFrames.Edge(random) : (uint)FuzzFrames.StreamId(random));
                break;
            case 3 when frame.Length >= HeaderLength + 4:
                Note("an edge in the payload", at);
                BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(random.Next(2) == 0 ? HeaderLength : random.Next(HeaderLength, frame.Length - 3)), FuzzFrames.Edge(random));
                break;
            case 4:
                Note("another type", at);
                frame[3] = (byte)random.Next(12);
                break;
            case 5:
                Note("other flags", at);
                frame[4] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)(frame[4] ^ (1 << random.Next(6)));
                break;
            case 6:
                Note("cut", at);
                frames[at] = frame[..random.Next(frame.Length)];
                break;
            case 7:
                Note("leave out", at);
                frames.RemoveAt(at);
                break;
            case 8:
                Note("repeat", at);
                frames.InsertRange(at, Enumerable.Range(0, random.Next(8) == 0 ? random.Next(1, 100) : 1).Select(_ => (byte[])frame.Clone()));
                break;
            case 9:
                Note("move", at);
                frames.RemoveAt(at);
                frames.Insert(random.Next(frames.Count + 1), frame);
                break;
            case 10:
                var other = others[random.Next(others.Count)].Frames;
                var from = random.Next(other.Count);
                Note("frames of another", at);
                frames.InsertRange(at, other.Skip(from).Take(random.Next(1, 6)).Select(taken => (byte[])taken.Clone()));
                break;
            case 11:
                Note("end early", at);
                frames.RemoveRange(at, frames.Count - at);
                break;
            case < 15 when frame.Length >= HeaderLength:
                Note("another payload", at);
                var payload = MutateBytes(frame[HeaderLength..]);
                frames[at] = [.. frame[..HeaderLength], .. payload];
                SetLength(frames[at], payload.Length);
                break;
            default:
                Note("a frame of its own", at);
                frames.Insert(at, FuzzFrames.Any(random));
                break;
        }
    }

    private static void SetLength(byte[] frame, int length)
    {
        frame[0] = (byte)(length >> 16);
        frame[1] = (byte)(length >> 8);
        frame[2] = (byte)length;
    }

    private void Note(string step, int at) => _steps.Add($"{step} at {at}");
}
