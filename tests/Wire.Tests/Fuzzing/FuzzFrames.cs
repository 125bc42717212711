using System.IO.Compression;
using Google.Protobuf;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;
using Plugwire.Wire.Tests.Rpc;

namespace Plugwire.Wire.Tests.Fuzzing;

/// <summary>Frames that look enough like a call's to get deep into either side, and some that look like nothing.</summary>
internal static class FuzzFrames
{
    private const int StreamsInUse = 8;

    private static readonly string[] Statuses = ["0", "1", "5", "16", "17", "-1", "00", "99999999999", "", "x", " 0"];
    private static readonly string[] HttpStatuses = ["200", "100", "103", "199", "204", "400", "404", "429", "503", "999", "0", "2000", "abc", ""];
    private static readonly string[] Methods = ["Unary", "ClientStream", "ServerStream", "Duplex", "Nothing", ""];
    private static readonly (string Name, string[] Values)[] Fields =
    [
        ("grpc-timeout", ["1S", "100m", "1n", "0S", "99999999H", "123456789S", "-1S", "S", "1", "1s", ""]),
        ("grpc-encoding", ["gzip", "identity", "deflate", "", "GZIP", "gzip,identity"]),
        ("grpc-accept-encoding", ["gzip", "identity,gzip", ",,,", "", "x;q=0"]),
        ("content-length", ["0", "5", "12", "-1", "x", "99999999999999999999", "+5", ""]),
        ("content-type", ["application/grpc", "application/grpc+proto", "text/html", ""]),
        ("grpc-message", ["%zz", "%", "%e4%bd", "plain", "%00%0a", "\u00ff\u00fe", ""]),
        ("grpc-status-details-bin", ["AA==", "AA", "A", "!!!!", "", "AA==,AAA"]),
        ("data-bin", ["AAEC", "A===", "AA,BB", "", "\u0080"]),
        ("te", ["trailers", "gzip", ""]),
        ("connection", ["close"]),
        ("expect", ["100-continue"]),
        ("user-agent", ["a", ""]),
        ("grpc-unknown", ["1"]),
        ("Upper", ["1"]),
        ("a!b", ["1"]),
        ("-bin", ["AA"]),
        ("grpc-internal-encoding-request", ["gzip"]),
        ("", [""]),
        ("a b", ["c"]),
        ("x", [" padded ", "a\0b", "a\r\nb", "plain"]),
        (":status", ["200"]),
        (":path", ["/"]),
        (":unknown", ["1"]),
    ];

    public static int StreamId(Random random) => random.Next(20) == 0 ? random.Next(40) : (random.Next(StreamsInUse) * 2) + 1;

    public static byte[] Any(Random random)
    {
        var id = StreamId(random);
        switch (random.Next(22))
        {
            case < 3: return Raw.Headers(id, RequestBlock(random), random.Next(3) == 0);
            case < 5: return Raw.Headers(id, ResponseBlock(random), random.Next(4) == 0);
            case < 7: return Raw.Headers(id, TrailerBlock(random), endStream: random.Next(8) != 0);
            case < 10: return Raw.Frame(RawFrame.Data, (byte)random.Next(2), id, Message(random));
            case 10: return Raw.Data(id, random.Next(200), random.Next(4) == 0);
            case 11: return Raw.Reset(id, (Http2ErrorCode)random.Next(16));
            case 12: return Raw.WindowUpdate(random.Next(3) == 0 ? 0 : id, Edge(random));
            case 13: return Raw.Settings((random.Next(0, 9), Edge(random)), (random.Next(1, 7), random.Next(0, 100_000)));
            case 14: return random.Next(2) == 0 ? [.. Raw.SettingsAck] : Raw.Ping((ulong)random.NextInt64(), random.Next(2) == 0);
            case 15: return Raw.PaddedData(id, random.Next(20), (byte)random.Next(256));
            case 16: return Raw.GoAway(random.Next(3) == 0 ? int.MaxValue : id, (Http2ErrorCode)random.Next(random.Next(2) == 0 ? 1 : 16), "because\u0001");
            case 17: return Raw.Frame(RawFrame.Priority, 0, id, [.. Raw.UInt32(Edge(random)), 16]);
            case 18: return Split(random, id);
            case 19: return Raw.Frame((byte)random.Next(10, 256), (byte)random.Next(256), id, new byte[random.Next(50)]);
            case 20: return Raw.Frame(RawFrame.PushPromise, RawFrame.EndHeaders, id, [.. Raw.UInt32((uint)random.Next(20)), .. Raw.RequestBlock()]);
            default:
                var payload = new byte[random.Next(40)];
                random.NextBytes(payload);
                return Raw.Frame((byte)random.Next(10), (byte)random.Next(256), id, payload);
        }
    }

    /// <summary>A value at which something begins or ends.</summary>
    public static uint Edge(Random random)
    {
        uint[] edges = [0, 1, 2, 100, 255, 16_383, 16_384, 16_385, 65_535, 65_536, 0xFF_FFFF, 0x7FFF_FFFE, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE, 0xFFFF_FFFF];
        return edges[random.Next(edges.Length)];
    }

    /// <summary>Prefix and payload, each of which may be wrong.</summary>
    public static byte[] Message(Random random)
    {
        var payload = new EchoRequest { Text = new string('m', random.Next(40)), Count = random.Next(6) }.ToByteArray();
        var compressed = random.Next(3) == 0;
        if (compressed)
            payload = Pack(payload);
        if (random.Next(4) == 0 && payload.Length > 0)
            payload[random.Next(payload.Length)] ^= (byte)(1 << random.Next(8));
        var message = Prefixed(payload, (byte)(random.Next(12) == 0 ? random.Next(256) : compressed ? 1 : 0), random.Next(6) == 0 ? Edge(random) : null);
        return random.Next(8) == 0 ? message[..random.Next(message.Length)] : random.Next(8) == 0 ? [.. message, .. message] : message;
    }

    /// <summary>A message's five bytes and its payload; the length may be a lie.</summary>
    public static byte[] Prefixed(byte[] payload, byte flag = 0, uint? length = null) => [flag, .. Raw.UInt32(length ?? (uint)payload.Length), .. payload];

    public static byte[] Pack(byte[] payload)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(payload);
        return packed.ToArray();
    }

    public static byte[] RequestBlock(Random random) => Raw.Block(
    [
        (":method", random.Next(16) == 0 ? "GET" : "POST"), (":scheme", "http"), (":path", $"/plugwire.wire.tests.Echo/{Pick(Methods, random)}"), (":authority", "here"),
        ("content-type", "application/grpc"), ("te", "trailers"), .. Some(random),
    ]);

    public static byte[] ResponseBlock(Random random) => Raw.Block(
        [(":status", random.Next(3) == 0 ? Pick(HttpStatuses, random) : "200"), ("content-type", "application/grpc"), .. Some(random)]);

    public static byte[] TrailerBlock(Random random) => Raw.Block([("grpc-status", Pick(Statuses, random)), .. Some(random)]);

    // A header block in parts, of which one may be missing or too many.
    private static byte[] Split(Random random, int id)
    {
        var block = random.Next(2) == 0 ? RequestBlock(random) : ResponseBlock(random);
        var at = random.Next(block.Length);
        byte[] between = random.Next(6) == 0 ? Raw.Ping(1) : random.Next(3) == 0 ? Raw.Continuation(id, [], endHeaders: false) : [];
        return [.. Raw.Headers(id, block[..at], endHeaders: false), .. between, .. Raw.Continuation(id, block.AsSpan(at), endHeaders: random.Next(10) != 0)];
    }

    private static IEnumerable<(string Name, string Value)> Some(Random random)
    {
        for (var left = random.Next(3); left > 0; left--)
        {
            var (name, values) = Fields[random.Next(Fields.Length)];
            yield return (name, Pick(values, random));
        }

        if (random.Next(60) == 0)
            yield return ("large", new string('x', random.Next(40_000)));
    }

    private static string Pick(string[] values, Random random) => values[random.Next(values.Length)];
}
