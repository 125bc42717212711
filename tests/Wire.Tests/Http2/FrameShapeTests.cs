using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Http2;

[Trait("RFC 9113", "4 Frames, 6 Frame definitions")]
public sealed class FrameShapeTests
{
    private const byte PaddedAndMore = RawFrame.Padded | RawFrame.WithPriority | RawFrame.EndHeaders;

    // What ends the connection, on a server with stream 1 open. In each the first thing wrong decides.
    private static readonly Dictionary<string, (Http2ErrorCode Code, byte[] Bytes)> Fatal = new()
    {
        ["DATA on stream 0"] = (Http2ErrorCode.ProtocolError, Raw.Data(0, 1)),
        ["DATA with padding as long as itself"] = (Http2ErrorCode.ProtocolError, Raw.Frame(RawFrame.Data, RawFrame.Padded, 1, 4, 1, 2, 3)),
        ["DATA with padding longer than itself"] = (Http2ErrorCode.ProtocolError, Raw.Frame(RawFrame.Data, RawFrame.Padded, 1, 255, 1, 2, 3)),
        ["DATA too short for its pad length"] = (Http2ErrorCode.FrameSizeError, Raw.Frame(RawFrame.Data, RawFrame.Padded, 1)),
        ["HEADERS on stream 0"] = (Http2ErrorCode.ProtocolError, Raw.Request(0)),
        ["HEADERS on a stream of the server's"] = (Http2ErrorCode.ProtocolError, Raw.Request(2)),
        ["HEADERS too short for its pad length"] = (Http2ErrorCode.FrameSizeError, Raw.Frame(RawFrame.Headers, RawFrame.Padded | RawFrame.EndHeaders, 3)),
        ["HEADERS with padding as long as itself"] = (Http2ErrorCode.ProtocolError, Raw.Frame(RawFrame.Headers, RawFrame.Padded | RawFrame.EndHeaders, 3, 3, 0x82, 0)),
        ["HEADERS too short for its priority"] = (Http2ErrorCode.FrameSizeError, Raw.Frame(RawFrame.Headers, RawFrame.WithPriority | RawFrame.EndHeaders, 3, 0, 0, 0, 0)),
        ["HEADERS whose padding reaches into its priority"] = (Http2ErrorCode.ProtocolError, Raw.Frame(RawFrame.Headers, PaddedAndMore, 3, 3, 0, 0, 0, 0, 0, 0)),
        ["PRIORITY on stream 0"] = (Http2ErrorCode.ProtocolError, Raw.Frame(RawFrame.Priority, 0, 0, 0, 0, 0, 0, 0)),
        ["PRIORITY of 4 bytes on an idle stream"] = (Http2ErrorCode.FrameSizeError, Raw.Frame(RawFrame.Priority, 0, 3, 0, 0, 0, 0)),
        ["RST_STREAM on stream 0"] = (Http2ErrorCode.ProtocolError, Raw.Reset(0, Http2ErrorCode.Cancel)),
        ["RST_STREAM on an idle stream"] = (Http2ErrorCode.ProtocolError, Raw.Reset(3, Http2ErrorCode.Cancel)),
        ["RST_STREAM of 3 bytes"] = (Http2ErrorCode.FrameSizeError, Raw.Frame(RawFrame.Reset, 0, 1, 0, 0, 8)),
        ["RST_STREAM of 5 bytes"] = (Http2ErrorCode.FrameSizeError, Raw.Frame(RawFrame.Reset, 0, 1, 0, 0, 0, 8, 0)),
        ["SETTINGS on a stream"] = (Http2ErrorCode.ProtocolError, Raw.Frame(RawFrame.Settings, 0, 1)),
        ["SETTINGS of 5 bytes"] = (Http2ErrorCode.FrameSizeError, Raw.Frame(RawFrame.Settings, 0, 0, 0, 1, 0, 0, 0)),
        ["SETTINGS ACK with a payload"] = (Http2ErrorCode.FrameSizeError, Raw.Frame(RawFrame.Settings, RawFrame.Ack, 0, 0, 1, 0, 0, 0, 0)),
        ["PUSH_PROMISE"] = (Http2ErrorCode.ProtocolError, Raw.Frame(RawFrame.PushPromise, RawFrame.EndHeaders, 1, 0, 0, 0, 2, 0x82)),
        ["PING on a stream"] = (Http2ErrorCode.ProtocolError, Raw.Frame(RawFrame.Ping, 0, 1, new byte[8])),
        ["PING of 7 bytes"] = (Http2ErrorCode.FrameSizeError, Raw.Frame(RawFrame.Ping, 0, 0, new byte[7])),
        ["PING of 9 bytes"] = (Http2ErrorCode.FrameSizeError, Raw.Frame(RawFrame.Ping, RawFrame.Ack, 0, new byte[9])),
        ["GOAWAY on a stream"] = (Http2ErrorCode.ProtocolError, Raw.Frame(RawFrame.GoAway, 0, 1, new byte[8])),
        ["GOAWAY of 7 bytes"] = (Http2ErrorCode.FrameSizeError, Raw.Frame(RawFrame.GoAway, 0, 0, new byte[7])),
        ["WINDOW_UPDATE of 3 bytes"] = (Http2ErrorCode.FrameSizeError, Raw.Frame(RawFrame.WindowUpdate, 0, 1, 0, 0, 1)),
        ["WINDOW_UPDATE of 5 bytes"] = (Http2ErrorCode.FrameSizeError, Raw.Frame(RawFrame.WindowUpdate, 0, 0, 0, 0, 0, 1, 0)),
        ["WINDOW_UPDATE of nothing for the connection"] = (Http2ErrorCode.ProtocolError, Raw.WindowUpdate(0, 0)),
        ["WINDOW_UPDATE on an idle stream"] = (Http2ErrorCode.ProtocolError, Raw.WindowUpdate(3, 1)),
        ["CONTINUATION of nothing"] = (Http2ErrorCode.ProtocolError, Raw.Continuation(1, [0x82], endHeaders: true)),
        ["CONTINUATION on stream 0"] = (Http2ErrorCode.ProtocolError, Raw.Continuation(0, [0x82], endHeaders: true)),
        ["CONTINUATION of another stream's block"] =
            (Http2ErrorCode.ProtocolError, [.. Raw.Headers(3, [0x82], endHeaders: false), .. Raw.Continuation(5, [0x86], endHeaders: true)]),
        ["DATA within a header block"] = (Http2ErrorCode.ProtocolError, [.. Raw.Headers(3, [0x82], endHeaders: false), .. Raw.Data(1, 1)]),
        ["PING within a header block"] = (Http2ErrorCode.ProtocolError, [.. Raw.Headers(3, [0x82], endHeaders: false), .. Raw.Ping(1)]),
        ["HEADERS within a header block"] = (Http2ErrorCode.ProtocolError, [.. Raw.Headers(3, [0x82], endHeaders: false), .. Raw.Request(3)]),
        ["an unknown frame within a header block"] =
            (Http2ErrorCode.ProtocolError, [.. Raw.Headers(3, [0x82], endHeaders: false), .. Raw.Frame(0xbe, 0, 3)]),
        ["a header block that is no HPACK"] = (Http2ErrorCode.CompressionError, Raw.Headers(3, [0x80])),
        ["a header block that ends within a field"] = (Http2ErrorCode.CompressionError, Raw.Headers(3, [0x82, 0x40, 0x05, (byte)'a'])),
        ["a table size above the limit"] = (Http2ErrorCode.CompressionError, Raw.Headers(3, [0x3f, 0xe2, 0x1f])),
        ["a frame longer than SETTINGS_MAX_FRAME_SIZE"] = (Http2ErrorCode.FrameSizeError, Raw.Data(1, (64 * 1024) + 1)),
        ["an unknown frame longer than that"] = (Http2ErrorCode.FrameSizeError, [1, 0, 1, 0xbe, 0, 0, 0, 0, 0]),
        ["a second preface"] = (Http2ErrorCode.FrameSizeError, Raw.Preface),
    };

    // What is passed over or answered on its stream, likewise.
    private static readonly Dictionary<string, (string Answer, byte[] Bytes)> Harmless = new()
    {
        ["an empty DATA"] = ("", Raw.Data(1, 0)),
        ["DATA of nothing but padding"] = ("", Raw.PaddedData(1, 0, 255)),
        ["DATA with flags of no meaning"] = ("", Raw.Frame(RawFrame.Data, 0xF6, 1, 1, 2)),
        ["a frame as long as SETTINGS_MAX_FRAME_SIZE"] = ("", Raw.Data(1, 64 * 1024)),
        ["PRIORITY on an open stream"] = ("", Raw.Frame(RawFrame.Priority, 0, 1, 0, 0, 0, 5, 1)),
        ["PRIORITY on an idle stream"] = ("", Raw.Frame(RawFrame.Priority, 0, 101, 0, 0, 0, 5, 1)),
        ["PRIORITY of 6 bytes"] = ("RST_STREAM 1 FrameSizeError", Raw.Frame(RawFrame.Priority, 0, 1, 0, 0, 0, 5, 1, 1)),
        ["a frame of an unknown type"] = ("", Raw.Frame(0xbe, 0xff, 1, 1, 2, 3)),
        ["a frame of an unknown type on an idle stream"] = ("", Raw.Frame(0xbe, 0xff, 101, 1, 2, 3)),
        ["a reserved bit before the stream's number"] = ("", Raw.Frame(RawFrame.Data, 0, unchecked((int)0x80000001), 1)),
        ["PING ACK that answers nothing"] = ("", Raw.Ping(7, ack: true)),
        ["SETTINGS ACK that answers nothing"] = ("", Raw.SettingsAck),
        ["WINDOW_UPDATE of nothing for a stream"] = ("RST_STREAM 1 ProtocolError", Raw.WindowUpdate(1, 0)),
        ["WINDOW_UPDATE with the reserved bit"] = ("", Raw.WindowUpdate(1, 0x80000001)),
        ["RST_STREAM of an unknown code"] = ("", Raw.Reset(1, (Http2ErrorCode)0xdeadbeef)),
        ["HEADERS with priority and padding"] =
            ("", Raw.Frame(RawFrame.Headers, PaddedAndMore, 3, [2, 0, 0, 0, 1, 5, .. Raw.RequestBlock(), 9, 9])),
    };

    public static TheoryData<string> FatalNames => [.. Fatal.Keys];

    public static TheoryData<string> HarmlessNames => [.. Harmless.Keys];

    [Theory]
    [MemberData(nameof(FatalNames))]
    public async Task Server_WhosePeerBreaksAFramesShape_SaysSoInGoAwayTellsItsStreamsAndEnds(string name)
    {
        var (code, bytes) = Fatal[name];
        await using var server = await ConnectionUnderTest.ServerAsync();
        var stream = await server.AcceptAsync(1);
        await server.Peer.SendUntilClosedAsync(bytes);
        await server.Peer.ExpectGoAwayAsync(code);
        await stream.ExpectAsync($"lost {code}");
        await server.ClosedAsync();
        Assert.Contains(server.Messages, message => message.Contains(code.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(HarmlessNames))]
    public async Task Server_WhosePeerSendsWhatIsAllowed_GoesOn(string name)
    {
        var (answer, bytes) = Harmless[name];
        await using var server = await ConnectionUnderTest.ServerAsync();
        await server.AcceptAsync(1);
        await server.Peer.SendAsync(bytes);
        var seen = (await server.Peer.FenceAsync()).Where(frame => frame.Type is not RawFrame.WindowUpdate);
        Assert.Equal(answer, string.Join(',', seen));
        await server.AcceptAsync(201);
    }

    [Fact]
    [Trait("RFC 9113", "6.7 PING")]
    public async Task Ping_IsAnsweredWithTheSameBytes()
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        await server.Peer.SendAsync(Raw.Ping(0x0123456789abcdef), Raw.Ping(ulong.MaxValue));
        byte[] first = [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef];
        var answer = (await server.Peer.ReadAsync())!;
        Assert.True(answer.IsAck && answer.StreamId == 0);
        Assert.Equal(first, answer.Payload);
        Assert.Equal(Enumerable.Repeat((byte)0xff, 8), (await server.Peer.ReadAsync())!.Payload);
    }

    [Fact]
    [Trait("RFC 9113", "8.4 Server push")]
    public async Task Client_ToWhichSomethingIsPushed_EndsWithProtocolError()
    {
        await using var client = await ConnectionUnderTest.ClientAsync();
        var stream = await client.OpenAsync();
        await client.Peer.SendAsync(Raw.Frame(RawFrame.PushPromise, RawFrame.EndHeaders, 1, [0, 0, 0, 2, .. Raw.RequestBlock()]));
        await client.Peer.ExpectGoAwayAsync(Http2ErrorCode.ProtocolError);
        await stream.ExpectAsync("lost ProtocolError");
    }

    [Fact]
    public async Task Client_OnWhichTheServerOpensAStream_EndsWithProtocolError()
    {
        await using var client = await ConnectionUnderTest.ClientAsync();
        await client.Peer.SendAsync(Raw.Response(2));
        await client.Peer.ExpectGoAwayAsync(Http2ErrorCode.ProtocolError);
    }

    [Fact]
    public async Task Connection_ThatEndsWithinAFrame_SaysSo()
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        var stream = await server.AcceptAsync(1);
        await server.Peer.SendAsync(Raw.Data(1, 10)[..12]);
        await server.Peer.DisposeAsync();
        await stream.ExpectAsync("lost transport");
        await server.ClosedAsync();
        Assert.Contains("within a frame", server.Connection.Loss!.Reason, StringComparison.Ordinal);
    }
}
