namespace Plugwire.Wire.Http2.Hpack;

/// <summary>Integers whose first bits share a byte with something else (RFC 7541 section 5.1).</summary>
internal static class HpackInteger
{
    /// <summary>The most bytes that <see cref="Write"/> writes: the prefix, then 31 bits in groups of seven.</summary>
    public const int MaxBytes = 1 + MaxContinuationBytes;

    // Enough for 31 bits. A longer chain is refused even if it adds only zeros, so that no integer costs more than this.
    private const int MaxContinuationBytes = 5;

    /// <summary>
    /// Writes <paramref name="value"/> into the lowest <paramref name="prefixBits"/> bits of the first byte, and on from there.
    /// The bits above the prefix are those of <paramref name="flags"/>.
    /// </summary>
    /// <returns>How many bytes were written.</returns>
    public static int Write(Span<byte> destination, int flags, int prefixBits, int value)
    {
        var prefix = (1 << prefixBits) - 1;
        if (value < prefix)
        {
            destination[0] = (byte)(flags | value);
            return 1;
        }

        destination[0] = (byte)(flags | prefix);
        var rest = (uint)(value - prefix);
        var written = 1;
        for (; rest >= 0x80; rest >>= 7) destination[written++] = (byte)(rest | 0x80);
        destination[written++] = (byte)rest;
        return written;
    }

    /// <summary>
    /// Reads an integer of at most 2^31-1 that begins in the lowest bits of the byte at <paramref name="position"/>, and moves on
    /// behind it.
    /// </summary>
    /// <exception cref="HpackException">It is larger, longer than five bytes more, or the block ends within it.</exception>
    public static int Read(ReadOnlySpan<byte> block, ref int position, int prefixBits)
    {
        var start = position;
        var prefix = (1 << prefixBits) - 1;
        var first = block[position++] & prefix;
        if (first < prefix) return first;

        long value = prefix;
        for (var read = 0; read < MaxContinuationBytes; read++)
        {
            if (position == block.Length)
            {
                throw new HpackException($"The header block of {block.Length} bytes ends within the integer that begins at byte {start}.");
            }

            var next = block[position++];
            value += (long)(next & 0x7F) << (7 * read);
            if ((next & 0x80) != 0) continue;
            if (value <= int.MaxValue) return (int)value;
            throw new HpackException($"The integer at byte {start} of the header block is {value}; the most is {int.MaxValue}.");
        }

        throw new HpackException($"The integer at byte {start} of the header block does not end within {MaxBytes} bytes.");
    }
}
