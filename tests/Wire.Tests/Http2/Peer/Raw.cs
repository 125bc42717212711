using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Http2.Hpack;

namespace Plugwire.Wire.Tests.Http2.Peer;

/// <summary>Frames byte by byte, of RFC 9113 section 6. Nothing is checked, so that they can be wrong in every way.</summary>
internal static class Raw
{
    public const int HeaderTableSize = 0x1;
    public const int EnablePush = 0x2;
    public const int MaxConcurrentStreams = 0x3;
    public const int InitialWindowSize = 0x4;
    public const int MaxFrameSize = 0x5;
    public const int MaxHeaderListSize = 0x6;

    public static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    public static readonly byte[] SettingsAck = Frame(RawFrame.Settings, RawFrame.Ack, 0);

    private static readonly (string, string)[] RequestFields = [(":method", "POST"), (":scheme", "http"), (":path", "/a/b"), (":authority", "here")];

    public static byte[] Frame(byte type, byte flags, int streamId, params ReadOnlySpan<byte> payload)
    {
        var bytes = new byte[9 + payload.Length];
        bytes[0] = (byte)(payload.Length >> 16);
        bytes[1] = (byte)(payload.Length >> 8);
        bytes[2] = (byte)payload.Length;
        bytes[3] = type;
        bytes[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(5), streamId);
        payload.CopyTo(bytes.AsSpan(9));
        return bytes;
    }

    public static byte[] Settings(params ReadOnlySpan<(int Id, long Value)> entries)
    {
        var payload = new byte[entries.Length * 6];
        for (var i = 0; i < entries.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(i * 6), (ushort)entries[i].Id);
            BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan((i * 6) + 2), (uint)entries[i].Value);
        }

        return Frame(RawFrame.Settings, 0, 0, payload);
    }

    public static byte[] Headers(int streamId, byte[] block, bool endStream = false, bool endHeaders = true) => Frame(
        RawFrame.Headers, (byte)((endStream ? RawFrame.EndStream : 0) | (endHeaders ? RawFrame.EndHeaders : 0)), streamId, block);

    public static byte[] Continuation(int streamId, ReadOnlySpan<byte> fragment, bool endHeaders) =>
        Frame(RawFrame.Continuation, endHeaders ? RawFrame.EndHeaders : (byte)0, streamId, fragment);

    public static byte[] Request(int streamId, bool endStream = false) => Headers(streamId, RequestBlock(), endStream);

    public static byte[] Response(int streamId, bool endStream = false) => Headers(streamId, Block((":status", "200")), endStream);

    public static byte[] Trailers(int streamId) => Headers(streamId, Block(("grpc-status", "0")), endStream: true);

    public static byte[] Data(int streamId, int length, bool endStream = false) =>
        Frame(RawFrame.Data, endStream ? RawFrame.EndStream : (byte)0, streamId, new byte[length]);

    public static byte[] PaddedData(int streamId, int length, byte padding) =>
        Frame(RawFrame.Data, RawFrame.Padded, streamId, [padding, .. new byte[length + padding]]);

    public static byte[] Reset(int streamId, Http2ErrorCode errorCode) => Frame(RawFrame.Reset, 0, streamId, UInt32((uint)errorCode));

    public static byte[] Ping(ulong value, bool ack = false)
    {
        var payload = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(payload, value);
        return Frame(RawFrame.Ping, ack ? RawFrame.Ack : (byte)0, 0, payload);
    }

    public static byte[] GoAway(int lastStreamId, Http2ErrorCode errorCode, string debugData = "") =>
        Frame(RawFrame.GoAway, 0, 0, [.. UInt32((uint)lastStreamId), .. UInt32((uint)errorCode), .. Encoding.UTF8.GetBytes(debugData)]);

    public static byte[] WindowUpdate(int streamId, uint increment) => Frame(RawFrame.WindowUpdate, 0, streamId, UInt32(increment));

    /// <summary>The pseudo-header fields that every request has, and more.</summary>
    public static byte[] RequestBlock(params (string Name, string Value)[] more) => Block([.. RequestFields, .. more]);

    /// <summary>A header block that neither needs nor leaves anything in the table: it may be sent on any connection at any time.</summary>
    public static byte[] Block(params ReadOnlySpan<(string Name, string Value)> fields)
    {
        var encoder = new HpackEncoder();
        var output = new ArrayBufferWriter<byte>();
        foreach (var (name, value) in fields)
            encoder.Encode(name, value, HeaderIndexing.DoNotIndex, output);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] UInt32(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}
