using FsCheck;
using FsCheck.Fluent;

namespace Examples.Tests.Scanning;

/// <summary>Random contents made of telling parts, and random cuts of them.</summary>
internal sealed record Cuts(byte[] Bytes, int[] Pieces)
{
    public static Arbitrary<Cuts> Of(params byte[][] parts)
    {
        var filler = Gen.Choose(1, 700).SelectMany(length => Gen.Elements((byte)'X', (byte)'a', (byte)' ', (byte)'\n', (byte)0xE9)
            .Select(value => Enumerable.Repeat(value, length).ToArray()));
        var part = Gen.Frequency((12, Gen.Elements(parts)), (1, filler));
        var bytes = part.ListOf().Select(list => list.SelectMany(bytes => bytes).ToArray());
        var pieces = Gen.Choose(1, 900).NonEmptyListOf().Select(list => list.ToArray());
        return bytes.SelectMany(content => pieces.Select(sizes => new Cuts(content, sizes))).ToArbitrary();
    }
}
