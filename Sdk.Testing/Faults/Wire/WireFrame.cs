using System.Buffers.Binary;
using Plugwire.Wire.Http2;

namespace Plugwire.Testing;

/// <summary>A frame of HTTP/2 (RFC 9113 section 4.1), to be put between those that host and plugin send. Nobody checks it: it may be as wrong as a test needs it.</summary>
public sealed class WireFrame
{
    private readonly byte[] _bytes;

    /// <summary>A frame.</summary>
    /// <param name="type">Its type: 0 for DATA, 1 for HEADERS, and so on.</param>
    /// <param name="flags">Its flags.</param>
    /// <param name="streamId">The stream's number, 0 to 2147483647; 0 is the connection.</param>
    /// <param name="payload">What follows the header. It is copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative, or the payload has more than 16777215 bytes.</exception>
    public WireFrame(byte type, byte flags, int streamId, ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(streamId);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, FrameHeader.LargestMaxLength, nameof(payload));
        _bytes = new byte[FrameHeader.Size + payload.Length];
        new FrameHeader(payload.Length, (FrameType)type, (FrameFlags)flags, streamId).Write(_bytes);
        payload.CopyTo(_bytes.AsSpan(FrameHeader.Size));
    }

    internal ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>A PING of eight zeros, which whoever gets it answers.</summary>
    public static WireFrame Ping() => new((byte)FrameType.Ping, 0, 0, new byte[8]);

    /// <summary>A RST_STREAM: its sender seems to have given one call up.</summary>
    /// <param name="streamId">The call's stream. A client numbers its calls 1, 3, 5 and so on.</param>
    /// <param name="errorCode">A code of RFC 9113 section 7; 8, CANCEL, by default.</param>
    public static WireFrame ResetStream(int streamId, uint errorCode = (uint)Http2ErrorCode.Cancel)
    {
        Span<byte> payload = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(payload, errorCode);
        return new WireFrame((byte)FrameType.RstStream, 0, streamId, payload);
    }

    /// <summary>A GOAWAY: its sender seems to take its leave.</summary>
    /// <param name="lastStreamId">The last stream that it says it has looked at.</param>
    /// <param name="errorCode">A code of RFC 9113 section 7; 0, NO_ERROR, by default.</param>
    public static WireFrame GoAway(int lastStreamId, uint errorCode = (uint)Http2ErrorCode.NoError)
    {
        Span<byte> payload = stackalloc byte[8];
        BinaryPrimitives.WriteInt32BigEndian(payload, lastStreamId);
        BinaryPrimitives.WriteUInt32BigEndian(payload[4..], errorCode);
        return new WireFrame((byte)FrameType.GoAway, 0, 0, payload);
    }
}
