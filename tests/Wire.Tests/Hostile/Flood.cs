using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Hostile;

/// <summary>The floods of peers that read what they cause, a step each; and what the GOAWAY says that ends each.</summary>
internal static class Flood
{
    private const byte UnknownType = 0xEE;

    // The first entry of the dynamic table, by one byte.
    private const byte FirstOfTable = 0xBE;

    // A literal for that table: the name 'x', and 3,900 bytes, a number in three bytes.
    private static readonly byte[] LongField = [0x40, 1, (byte)'x', 0x7F, 0xBD, 0x1D, .. new byte[3900].Select(_ => (byte)'v')];

    /// <summary>A call that a server of the tests' service does not answer: its message never comes.</summary>
    public static byte[] Request { get; } = Raw.Block(
        (":method", "POST"), (":scheme", "http"), (":path", "/plugwire.wire.tests.Echo/Unary"), (":authority", "here"), ("content-type", "application/grpc"), ("te", "trailers"));

    /// <summary>What both a client and a server can send without end; stream 1 is open.</summary>
    public static IReadOnlyDictionary<string, (Func<int, byte[]> Step, string Named)> OfEither { get; } = new Dictionary<string, (Func<int, byte[]>, string)>
    {
        ["ping"] = (i => Raw.Ping((ulong)i), "PING"),
        ["ping answers"] = (i => Raw.Ping((ulong)i, ack: true), "PING"),
        ["settings"] = (i => Raw.Settings((Raw.InitialWindowSize, 1000 + i)), "SETTINGS"),
        ["settings answers"] = (_ => Raw.SettingsAck, "SETTINGS"),
        ["priority"] = (i => Raw.Frame(RawFrame.Priority, 0, (2 * i) + 1, 0, 0, 0, 0, 1), "PRIORITY"),
        ["unknown frames"] = (_ => Raw.Frame(UnknownType, 0, 1), "unknown type"),
        ["window update of the connection"] = (_ => Raw.WindowUpdate(0, 1), "WINDOW_UPDATE"),
        ["window update of a stream"] = (_ => Raw.WindowUpdate(1, 1), "WINDOW_UPDATE"),
        ["empty data"] = (_ => Raw.Data(1, 0), "DATA without data"),
        ["padding"] = (_ => Raw.PaddedData(1, 0, 200), "DATA without data"),
    };

    /// <summary>What a client can send besides; each step opens a stream of its own from 3 on.</summary>
    public static IReadOnlyDictionary<string, (Func<int, byte[]> Step, string Named)> OfAClient { get; } = new Dictionary<string, (Func<int, byte[]>, string)>
    {
        ["rapid reset"] = (i => [.. Raw.Headers(Id(i), Request), .. Raw.Reset(Id(i), Http2ErrorCode.Cancel)], "RST_STREAM"),
        ["made you reset"] = (i => [.. Raw.Headers(Id(i), Request), .. Raw.WindowUpdate(Id(i), 0)], "error of its stream"),
        ["made you reset by data after the end"] = (i => [.. Raw.Headers(Id(i), Request, endStream: true), .. Raw.Data(Id(i), 1)], "error of its stream"),
        ["malformed requests"] = (i => Raw.Headers(Id(i), Raw.Block((":method", "POST"))), "a malformed request"),
        ["requests beyond the limit"] = (i => Raw.Headers(Id(i), Request), "a request beyond what is taken"),
        ["frames on closed streams"] = (i => [.. Raw.Headers(Id(i), Request), .. Raw.Reset(Id(i), Http2ErrorCode.Cancel), .. Raw.Data(Id(i), 1)], "closed stream"),
        ["empty continuation"] = (
            i => [.. Raw.Headers(Id(i), Request, endHeaders: false), .. Enumerable.Repeat(Raw.Continuation(Id(i), [], endHeaders: false), 50).SelectMany(frame => frame), .. Raw.Continuation(Id(i), [], endHeaders: true), .. Raw.Reset(Id(i), Http2ErrorCode.Cancel)],
            "an empty CONTINUATION"),
        ["header lists over the limit"] = (i => Raw.Headers(Id(i), [.. Request, .. i == 0 ? LongField : [], .. Enumerable.Repeat(FirstOfTable, 5)]), "a header list over the limit"),
        ["leave"] = (_ => Raw.GoAway(0, Http2ErrorCode.NoError), "GOAWAY"),
    };

    private static int Id(int step) => (2 * step) + 3;
}
