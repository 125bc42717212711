using System.Buffers.Binary;
using System.Text.Unicode;
using Plugwire.Wire.Http2.Hpack;

namespace Plugwire.Wire.Http2;

/// <summary>Writes frames into the output, one method a type (RFC 9113 section 6).</summary>
internal sealed class FrameWriter(OutputBuffer headerBlock)
{
    /// <summary>What a client sends before its first frame (RFC 9113 section 3.4).</summary>
    public static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    // RFC 9113 section 6.8 sets no bound for the debug data; a sentence fits in this.
    private const int MaxDebugData = 256;

    private readonly HpackEncoder _encoder = new();

    public void SetMaxDynamicTableSize(int size) => _encoder.SetMaxDynamicTableSize(size);

    public static void WriteData(OutputBuffer output, int streamId, ReadOnlySpan<byte> data, bool endStream)
    {
        WriteHeader(output, data.Length, FrameType.Data, endStream ? FrameFlags.EndStream : FrameFlags.None, streamId);
        output.Write(data);
    }

    /// <summary>Writes HEADERS, and CONTINUATION for what exceeds a frame. Nothing may come between them, so they are written at once.</summary>
    public void WriteHeaders(OutputBuffer output, int streamId, OutgoingHeaders headers, bool endStream, int maxFrameSize)
    {
        headerBlock.Clear();
        headers.Encode(_encoder, headerBlock);

        var rest = headerBlock.Written.Span;
        var type = FrameType.Headers;
        var flags = endStream ? FrameFlags.EndStream : FrameFlags.None;
        do
        {
            var piece = rest[..Math.Min(rest.Length, maxFrameSize)];
            rest = rest[piece.Length..];
            WriteHeader(output, piece.Length, type, rest.IsEmpty ? flags | FrameFlags.EndHeaders : flags, streamId);
            output.Write(piece);
            type = FrameType.Continuation;
            flags = FrameFlags.None;
        }
        while (!rest.IsEmpty);
    }

    public static void WriteOwnSettings(OutputBuffer output, Http2Options options, Http2Role role)
    {
        var start = output.Length;
        WriteHeader(output, 0, FrameType.Settings, FrameFlags.None, 0);
        Http2Settings.WriteOwn(output, options, role);
        var payload = output.Length - start - FrameHeader.Size;
        new FrameHeader(payload, FrameType.Settings, FrameFlags.None, 0).Write(output.WrittenFrom(start));
    }

    public static void WriteSettingsAck(OutputBuffer output) =>
        WriteHeader(output, 0, FrameType.Settings, FrameFlags.Ack, 0);

    public static void WritePing(OutputBuffer output, ReadOnlySpan<byte> opaqueData, bool ack)
    {
        WriteHeader(output, opaqueData.Length, FrameType.Ping, ack ? FrameFlags.Ack : FrameFlags.None, 0);
        output.Write(opaqueData);
    }

    public static void WriteWindowUpdate(OutputBuffer output, int streamId, int increment)
    {
        WriteHeader(output, sizeof(int), FrameType.WindowUpdate, FrameFlags.None, streamId);
        WriteInt32(output, increment);
    }

    public static void WriteReset(OutputBuffer output, int streamId, Http2ErrorCode errorCode)
    {
        WriteHeader(output, sizeof(int), FrameType.RstStream, FrameFlags.None, streamId);
        WriteInt32(output, (int)errorCode);
    }

    public static void WriteGoAway(OutputBuffer output, int lastStreamId, Http2ErrorCode errorCode, string debugData)
    {
        Span<byte> debug = stackalloc byte[MaxDebugData];
        Utf8.FromUtf16(debugData, debug, out _, out var length);
        WriteHeader(output, (2 * sizeof(int)) + length, FrameType.GoAway, FrameFlags.None, 0);
        WriteInt32(output, lastStreamId);
        WriteInt32(output, (int)errorCode);
        output.Write(debug[..length]);
    }

    private static void WriteHeader(OutputBuffer output, int length, FrameType type, FrameFlags flags, int streamId)
    {
        new FrameHeader(length, type, flags, streamId).Write(output.GetSpan(FrameHeader.Size));
        output.Advance(FrameHeader.Size);
    }

    private static void WriteInt32(OutputBuffer output, int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(sizeof(int)), value);
        output.Advance(sizeof(int));
    }
}
