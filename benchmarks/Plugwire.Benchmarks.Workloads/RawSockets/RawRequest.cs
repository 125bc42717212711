using System.Buffers.Binary;

namespace Plugwire.Benchmarks.Workloads.RawSockets;

/// <summary>What the driver asks of the raw socket's server, in <see cref="Size"/> bytes: frames that are echoed one by one, or that the server alone sends.</summary>
/// <param name="Echo">Whether each frame is the answer to one of the driver's.</param>
/// <param name="FrameSize">In bytes.</param>
/// <param name="Count">How many frames.</param>
public readonly record struct RawRequest(bool Echo, int FrameSize, long Count)
{
    public const int Size = 16;

    public static RawRequest Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt32LittleEndian(bytes) != 0,
        BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]),
        BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]));

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Echo ? 1 : 0);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], FrameSize);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], Count);
    }
}
