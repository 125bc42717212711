using System.Buffers.Binary;

namespace Plugwire.Wire.Rpc.Messages;

/// <summary>The five bytes before every gRPC message: whether it is compressed, and its length.</summary>
internal readonly record struct MessagePrefix(bool IsCompressed, uint Length)
{
    public const int Size = 5;

    /// <summary>Reads a prefix. False when its first byte is neither 0 nor 1.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out MessagePrefix prefix)
    {
        prefix = new MessagePrefix(source[0] == 1, BinaryPrimitives.ReadUInt32BigEndian(source[1..]));
        return source[0] <= 1;
    }

    public void Write(Span<byte> destination)
    {
        destination[0] = IsCompressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(destination[1..], Length);
    }
}
