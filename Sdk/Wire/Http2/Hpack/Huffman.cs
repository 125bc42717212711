using System.Buffers.Binary;

namespace Plugwire.Wire.Http2.Hpack;

/// <summary>Strings in the Huffman code of HPACK (RFC 7541 section 5.2). A char stands for one byte.</summary>
internal static class Huffman
{
    /// <summary>The length of a string in this code, in bytes.</summary>
    public static int GetEncodedLength(ReadOnlySpan<char> text)
    {
        long bits = 0;
        var lengths = HuffmanCode.Lengths;
        foreach (var symbol in text) bits += lengths[(byte)symbol];
        return (int)((bits + 7) / 8);
    }

    /// <summary>Writes a string, whose chars are all below 0x100, into at least <see cref="GetEncodedLength"/> bytes.</summary>
    /// <returns>How many bytes were written.</returns>
    public static int Encode(ReadOnlySpan<char> text, Span<byte> destination)
    {
        var lengths = HuffmanCode.Lengths;
        var codes = HuffmanCode.Codes;
        ulong bits = 0; // the lowest `count` bits are still to be written
        var count = 0;
        var written = 0;
        foreach (var symbol in text)
        {
            var length = lengths[(byte)symbol];
            bits = (bits << length) | codes[(byte)symbol];
            count += length;
            if (count < 32) continue;
            count -= 32;
            BinaryPrimitives.WriteUInt32BigEndian(destination[written..], (uint)(bits >> count));
            written += 4;
        }

        for (; count >= 8; count -= 8) destination[written++] = (byte)(bits >> (count - 8));
        if (count > 0)
        {
            // Padded with the first bits of EOS, which are ones.
            destination[written++] = (byte)((bits << (8 - count)) | (0xFFu >> count));
        }

        return written;
    }

    /// <summary>The most chars that so many encoded bytes can stand for.</summary>
    public static int GetMaxDecodedLength(int byteCount) =>
        (int)Math.Min((long)byteCount * 8 / HuffmanCode.ShortestLength, Array.MaxLength);

    /// <summary>Reads a string into a buffer of at least <see cref="GetMaxDecodedLength"/> chars.</summary>
    /// <returns>How many chars it has.</returns>
    /// <exception cref="HpackException">It holds EOS, or does not end with less than eight bits of ones.</exception>
    public static int Decode(ReadOnlySpan<byte> source, Span<char> destination)
    {
        ulong bits = 0; // the highest `count` bits are still to be read, those below are zero
        var count = 0;
        var next = 0;
        var written = 0;
        while (true)
        {
            if (count < 32)
            {
                if (source.Length - next >= 4)
                {
                    bits |= (ulong)BinaryPrimitives.ReadUInt32BigEndian(source[next..]) << (32 - count);
                    count += 32;
                    next += 4;
                }
                else
                {
                    for (; next < source.Length; count += 8) bits |= (ulong)source[next++] << (56 - count);
                }
            }

            var symbol = HuffmanCode.Decode((uint)(bits >> 32), out var length);
            if (length > count) break; // only what is left of the last byte: no code is complete
            if (symbol == HuffmanCode.EndOfString)
            {
                throw new HpackException(
                    $"A Huffman-coded string holds the end-of-string symbol after {written} chars; " +
                    "only its first bits may stand there, as padding.");
            }

            destination[written++] = (char)symbol;
            bits <<= length;
            count -= length;
        }

        if (count > 7)
        {
            throw new HpackException(
                $"A Huffman-coded string of {source.Length} bytes ends with {count} bits that are no symbol; padding has 7 at most.");
        }

        if (count > 0 && bits >> (64 - count) != (1ul << count) - 1)
        {
            throw new HpackException($"A Huffman-coded string of {source.Length} bytes is padded with other bits than ones.");
        }

        return written;
    }
}
