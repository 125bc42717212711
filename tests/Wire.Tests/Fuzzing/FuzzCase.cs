using System.Buffers.Binary;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Fuzzing;

/// <summary>Everything that a case does follows from its seed.</summary>
internal sealed class FuzzCase
{
    private const int HeaderLength = 9;

    // SETTINGS and the acknowledgement of the other's.
    private const int OpeningFrames = 2;

    private FuzzCase(int seed, FuzzTarget target, string name)
    {
        Seed = seed;
        Target = target;
        Name = name;
    }

    public int Seed { get; }

    public FuzzTarget Target { get; }

    /// <summary>The conversation, and what was done to it.</summary>
    public string Name { get; }

    /// <summary>Of a server or client.</summary>
    public FuzzPlay? Play { get; private init; }

    /// <summary>Of the decoder: in this order.</summary>
    public IReadOnlyList<byte[]> Blocks { get; private init; } = [];

    public static FuzzCase Create(int seed)
    {
        var random = new Random(Scatter(seed));
        return random.Next(10) switch
        {
            < 5 => OfServer(seed, random),
            < 9 => OfClient(seed, random),
            _ => OfDecoder(seed, random),
        };
    }

    private static FuzzCase OfServer(int seed, Random random)
    {
        var conversation = Pick(ClientConversations.All, random);
        var mutator = new Mutator(random, random.Next(8) == 0 ? ServerConversations.All : ClientConversations.All);

        // The opening is spared as a rule: behind a broken one nothing is looked at.
        var spared = random.Next(8) == 0 ? 0 : OpeningFrames;
        byte[][] frames = [.. conversation.Frames.Take(spared), .. mutator.Mutate(conversation.Frames.Skip(spared), Steps(random))];
        var preface = random.Next(100) == 0 ? mutator.MutateBytes([.. Raw.Preface]) : Raw.Preface;
        return new FuzzCase(seed, FuzzTarget.Server, $"{conversation.Name}: {string.Join(", ", mutator.Steps)}") { Play = Perform(preface, frames, [], random) };
    }

    private static FuzzCase OfClient(int seed, Random random)
    {
        var conversation = Pick(ServerConversations.All, random);
        var mutator = new Mutator(random, random.Next(8) == 0 ? ClientConversations.All : ServerConversations.All);
        var spared = random.Next(8) == 0 ? 0 : OpeningFrames;
        var opening = conversation.Frames.Take(spared).SelectMany(frame => frame).ToArray();
        var frames = mutator.Mutate(conversation.Frames.Skip(spared), Steps(random));
        return new FuzzCase(seed, FuzzTarget.Client, $"{conversation.Name}: {string.Join(", ", mutator.Steps)}") { Play = Perform([], frames, opening, random) };
    }

    private static FuzzCase OfDecoder(int seed, Random random)
    {
        var mutator = new Mutator(random, ClientConversations.All);
        var blocks = Enumerable.Range(0, 4)
            .SelectMany(_ => Pick(random.Next(2) == 0 ? ClientConversations.All : ServerConversations.All, random).Blocks)
            .Select(block => random.Next(4) == 0 ? mutator.MutateBytes([.. block]) : block)
            .ToList();
        return new FuzzCase(seed, FuzzTarget.Hpack, "header blocks") { Blocks = blocks };
    }

    private static FuzzPlay Perform(byte[] preface, IReadOnlyList<byte[]> frames, byte[] opening, Random random)
    {
        byte[] bytes = [.. preface, .. frames.SelectMany(frame => frame)];
        var parts = Cut(bytes, random).ToList();
        return new FuzzPlay
        {
            Opening = opening,
            Parts = parts,
            EndsWithFrame = EndsWithFrame(bytes.AsSpan(preface.Length)),
            ReadsLate = random.Next(8) == 0,
            Breaks = random.Next(4) == 0,
            CancelBefore = random.Next(6) == 0 ? random.Next(parts.Count + 1) : null,
            CompletesRequests = random.Next(3) != 0,
        };
    }

    // In one part, in parts of any size, or byte by byte at its beginning.
    private static IEnumerable<ReadOnlyMemory<byte>> Cut(byte[] bytes, Random random)
    {
        const int MostParts = 60;
        var most = random.Next(3) == 0 ? bytes.Length : random.Next(1, 2 + Math.Min(bytes.Length, 4000));
        var parts = 0;
        for (var at = 0; at < bytes.Length;)
        {
            var length = ++parts > MostParts ? bytes.Length - at : Math.Min(bytes.Length - at, random.Next(1, most + 1));
            yield return bytes.AsMemory(at, length);
            at += length;
        }
    }

    private static bool EndsWithFrame(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= HeaderLength)
        {
            var length = (bytes[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]);
            if (bytes.Length < HeaderLength + length)
                return false;
            bytes = bytes[(HeaderLength + length)..];
        }

        return bytes.IsEmpty;
    }

    // Few changes as a rule: after many there is nothing left that a peer would follow.
    private static int Steps(Random random) => random.Next(4) == 0 ? random.Next(1, 30) : random.Next(1, 4);

    private static Conversation Pick(IReadOnlyList<Conversation> all, Random random) => all[random.Next(all.Count)];

    // Neighbouring seeds would begin with much the same numbers.
    private static int Scatter(int seed)
    {
        unchecked
        {
            var value = (uint)seed + 0x9E37_79B9;
            value = (value ^ (value >> 16)) * 0x85EB_CA6B;
            value = (value ^ (value >> 13)) * 0xC2B2_AE35;
            return (int)(value ^ (value >> 16));
        }
    }
}
