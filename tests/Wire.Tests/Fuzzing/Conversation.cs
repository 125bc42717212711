using System.Buffers;
using Google.Protobuf;
using Plugwire.Wire.Http2.Hpack;
using Plugwire.Wire.Tests.Http2.Peer;
using Plugwire.Wire.Tests.Rpc;

namespace Plugwire.Wire.Tests.Fuzzing;

/// <summary>One side of a valid conversation, frame by frame, as our peers write it: later header blocks lean on the table that earlier ones have left.</summary>
internal sealed class Conversation(string name)
{
    private readonly HpackEncoder _encoder = new();
    private readonly List<byte[]> _frames = [];

    public string Name => name;

    /// <summary>Behind a client's preface. The first is SETTINGS.</summary>
    public IReadOnlyList<byte[]> Frames => _frames;

    /// <summary>The header blocks in it, in order.</summary>
    public List<byte[]> Blocks { get; } = [];

    public Conversation Add(params byte[][] frames)
    {
        _frames.AddRange(frames);
        return this;
    }

    public Conversation Request(int streamId, string method, bool endStream = false, params (string Name, string Value)[] more) => Headers(
        streamId,
        endStream,
        [
            (":method", "POST"), (":scheme", "http"), (":path", $"/plugwire.wire.tests.Echo/{method}"), (":authority", "localhost"),
            ("content-type", "application/grpc"), ("te", "trailers"), ("user-agent", "grpc-fuzz/1.0"), .. more,
        ]);

    public Conversation Response(int streamId, params (string Name, string Value)[] more) =>
        Headers(streamId, endStream: false, [(":status", "200"), ("content-type", "application/grpc"), .. more]);

    public Conversation Trailers(int streamId, params (string Name, string Value)[] more) => Headers(streamId, endStream: true, [("grpc-status", "0"), .. more]);

    public Conversation Headers(int streamId, bool endStream, params (string Name, string Value)[] fields) => Add(Raw.Headers(streamId, Block(fields), endStream));

    /// <summary>A header list in three frames.</summary>
    public Conversation SplitHeaders(int streamId, bool endStream, params (string Name, string Value)[] fields)
    {
        var block = Block(fields);
        return Add(
            Raw.Headers(streamId, block[..3], endStream, endHeaders: false),
            Raw.Continuation(streamId, block.AsSpan(3, 2), endHeaders: false),
            Raw.Continuation(streamId, block.AsSpan(5), endHeaders: true));
    }

    /// <summary>A message in frames of at most <paramref name="frame"/> bytes.</summary>
    public Conversation Message(int streamId, int length = 10, bool endStream = false, bool pack = false, int count = 3, int frame = 16_384)
    {
        var payload = new EchoRequest { Text = "fuzz", Payload = ByteString.CopyFrom(new byte[length]), Count = count }.ToByteArray();
        var message = FuzzFrames.Prefixed(pack ? FuzzFrames.Pack(payload) : payload, pack ? (byte)1 : (byte)0);
        for (var at = 0; at < message.Length; at += frame)
        {
            var end = Math.Min(at + frame, message.Length);
            Add(Raw.Frame(RawFrame.Data, endStream && end == message.Length ? RawFrame.EndStream : (byte)0, streamId, message.AsSpan(at, end - at)));
        }

        return this;
    }

    private byte[] Block((string Name, string Value)[] fields)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var (fieldName, value) in fields)
            _encoder.Encode(fieldName, value, value.Length > 100 ? HeaderIndexing.DoNotIndex : HeaderIndexing.Index, output);
        Blocks.Add(output.WrittenSpan.ToArray());
        return Blocks[^1];
    }
}
