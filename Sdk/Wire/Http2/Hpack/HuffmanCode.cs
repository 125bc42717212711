namespace Plugwire.Wire.Http2.Hpack;

/// <summary>The code of RFC 7541 Appendix B, as tables to encode and decode with.</summary>
// The code is canonical: among codes of one length the symbols stand in order, and each length goes on where the shorter one
// ended. The 257 lengths therefore say everything, and every table is computed from them once.
//
//      length   first code   symbols
//        5      00000        0 1 2 a c e i o s t
//        6      010100       space % - . / 3 4 5 ...
//        ...
//       30      all ones     the last of them is EOS
internal static class HuffmanCode
{
    public const int EndOfString = 256;
    public const int ShortestLength = 5;
    public const int LongestLength = 30;

    // In bits, sixteen symbols a line; the last is EOS.
    public static ReadOnlySpan<byte> Lengths =>
    [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
        28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
        5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
        6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
        24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
        21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
        19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
        26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30,
    ];

    private static readonly ushort[] Sorted = SortByCode();
    private static readonly uint[] FirstCodes = new uint[LongestLength + 1];
    private static readonly int[] FirstPositions = new int[LongestLength + 1];

    // For each length the first value, as the top bits of a 32-bit word, that belongs to a longer code.
    private static readonly ulong[] Ends = new ulong[LongestLength + 1];

    // By the next eight bits: length << 8 | symbol of the code that stands there, or 0 when that code is longer.
    private static readonly ushort[] ByFirstByte = new ushort[256];

    /// <summary>The code of each symbol, in its lowest bits.</summary>
    public static readonly uint[] Codes = new uint[EndOfString + 1];

    static HuffmanCode()
    {
        uint code = 0;
        var position = 0;
        for (var length = ShortestLength; length <= LongestLength; length++)
        {
            FirstCodes[length] = code;
            FirstPositions[length] = position;
            for (; position < Sorted.Length && Lengths[Sorted[position]] == length; position++, code++)
            {
                var symbol = Sorted[position];
                Codes[symbol] = code;
                if (length <= 8)
                {
                    var first = (int)code << (8 - length);
                    ByFirstByte.AsSpan(first, 1 << (8 - length)).Fill((ushort)((length << 8) | symbol));
                }
            }

            Ends[length] = (ulong)code << (32 - length);
            code <<= 1;
        }
    }

    /// <summary>The symbol whose code begins a word, and the length of that code in bits. Every word begins with one.</summary>
    public static int Decode(uint word, out int length)
    {
        var entry = ByFirstByte[word >> 24];
        if (entry != 0)
        {
            length = entry >> 8;
            return (byte)entry;
        }

        // Ends at the longest length at the latest: its end is 2^32, above any word.
        length = 9;
        while (word >= Ends[length]) length++;
        return Sorted[FirstPositions[length] + (int)((word >> (32 - length)) - FirstCodes[length])];
    }

    private static ushort[] SortByCode()
    {
        var sorted = new ushort[EndOfString + 1];
        var position = 0;
        for (var length = ShortestLength; length <= LongestLength; length++)
        {
            for (var symbol = 0; symbol <= EndOfString; symbol++)
            {
                if (Lengths[symbol] == length) sorted[position++] = (ushort)symbol;
            }
        }

        return sorted;
    }
}
