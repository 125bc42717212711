using System.Buffers.Binary;

namespace Plugwire.Wire.Http2;

/// <summary>The nine bytes before every frame's payload (RFC 9113 section 4.1).</summary>
internal readonly record struct FrameHeader(int Length, FrameType Type, FrameFlags Flags, int StreamId)
{
    public const int Size = 9;

    /// <summary>What every peer must accept, and the smallest value SETTINGS_MAX_FRAME_SIZE may have.</summary>
    public const int SmallestMaxLength = 16 * 1024;

    public const int LargestMaxLength = (1 << 24) - 1;

    private const uint StreamIdMask = 0x7fff_ffff;

    public bool Has(FrameFlags flag) => (Flags & flag) != 0;

    public static FrameHeader Read(ReadOnlySpan<byte> source)
    {
        var lengthAndType = BinaryPrimitives.ReadUInt32BigEndian(source);
        return new FrameHeader(
            (int)(lengthAndType >> 8),
            (FrameType)(byte)lengthAndType,
            (FrameFlags)source[4],
            (int)(BinaryPrimitives.ReadUInt32BigEndian(source[5..]) & StreamIdMask));
    }

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, ((uint)Length << 8) | (byte)Type);
        destination[4] = (byte)Flags;
        BinaryPrimitives.WriteInt32BigEndian(destination[5..], StreamId);
    }
}
