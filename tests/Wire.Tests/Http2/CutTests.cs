using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Http2;

/// <summary>What a connection makes of a conversation does not depend on how the transport cuts it.</summary>
public sealed class CutTests
{
    private static readonly byte[] Block = Raw.RequestBlock(("a", "b"));

    private static readonly byte[] FromClient =
    [
        .. Raw.Preface,
        .. Raw.Settings((Raw.InitialWindowSize, 70), (0x99, 1)),
        .. Raw.SettingsAck,
        .. Raw.Request(1),
        .. Raw.Data(1, 300),
        .. Raw.Headers(3, Block[..4], endHeaders: false),
        .. Raw.Continuation(3, Block.AsSpan(4, 3), endHeaders: false),
        .. Raw.Continuation(3, Block.AsSpan(7), endHeaders: true),
        .. Raw.PaddedData(3, 20, 9),
        .. Raw.Ping(0x0102030405060708),
        .. Raw.Frame(0xfa, 0xff, 3, 1, 2, 3),
        .. Raw.Data(1, 0, endStream: true),
        .. Raw.WindowUpdate(1, 1000),
        .. Raw.Headers(5, Raw.Block((":method", "POST"))),
        .. Raw.Trailers(3),
        .. Raw.Request(7),
        .. Raw.Reset(7, Http2ErrorCode.Cancel),
        .. Raw.Data(7, 4000),
        .. Raw.Frame(RawFrame.Priority, 0, 9, 0, 0, 0, 1, 1),
        .. Raw.Request(9, endStream: true),
        .. Raw.Request(11, endStream: true),
        .. Raw.Data(11, 1),
        .. Raw.Settings((Raw.InitialWindowSize, 4000)),
    ];

    private static readonly byte[] FromServer =
    [
        .. Raw.Settings(),
        .. Raw.SettingsAck,
        .. Raw.Headers(1, Raw.Block((":status", "103"))),
        .. Raw.Response(3),
        .. Raw.Response(1),
        .. Raw.PaddedData(1, 1000, 255),
        .. Raw.Ping(9),
        .. Raw.Data(3, 5, endStream: true),
        .. Raw.Trailers(1),
        .. Raw.Reset(5, Http2ErrorCode.RefusedStream),
        .. Raw.Data(1, 10),
        .. Raw.Response(7),
        .. Raw.GoAway(7, Http2ErrorCode.NoError),
        .. Raw.Data(7, 3),
        .. Raw.Frame(RawFrame.Ping, 0, 7, new byte[8]),
    ];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 30)];

    [Fact]
    public async Task ConversationOfAServer_ByteByByte_HasTheSameOutcome() =>
        Assert.Equal(await ServeAsync(null), await ServeAsync(() => 1));

    [Fact]
    public async Task ConversationOfAClient_ByteByByte_HasTheSameOutcome() =>
        Assert.Equal(await CallAsync(null), await CallAsync(() => 1));

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Conversations_InRandomCuts_HaveTheSameOutcome(int seed)
    {
        var random = new Random(seed);
        var most = random.Next(2, 60);
        Assert.Equal(await ServeAsync(null), await ServeAsync(() => random.Next(1, most)));
        Assert.Equal(await CallAsync(null), await CallAsync(() => random.Next(1, most)));
    }

    private static async Task<string[]> ServeAsync(Func<int>? readSize)
    {
        var told = new List<string>();
        await using var server = ConnectionUnderTest.Server(probe: inner => new ProbeStream(inner) { ReadSize = readSize });
        server.Told = (stream, line) =>
        {
            told.Add($"{stream.Id}: {line}");
            if (line.StartsWith("end", StringComparison.Ordinal))
                stream.Send(RecordingStream.ResponseHeaders, length: 200, trailers: RecordingStream.EndHeaders);
        };
        await server.Peer.SendAsync(FromClient);

        // The order among streams depends on what lay ready together; that of each stream does not.
        RawFrame[] answers = [.. await server.Peer.FenceAsync(), .. await server.Peer.FenceAsync()];
        await server.Peer.SendAsync(Raw.WindowUpdate(13, 1));
        await server.Peer.ExpectGoAwayAsync(Http2ErrorCode.ProtocolError);
        await server.ClosedAsync();
        Assert.Equal(6, answers.Count(frame => frame.Type == RawFrame.Headers && frame.Ends) + answers.Count(frame => frame.Type == RawFrame.Reset));
        return [.. told, .. answers.OrderBy(frame => frame.StreamId).Select(frame => frame.ToString())];
    }

    private static async Task<string[]> CallAsync(Func<int>? readSize)
    {
        await using var client = ConnectionUnderTest.Client(probe: inner => new ProbeStream(inner) { ReadSize = readSize });
        await client.ReadPrefaceAsync();
        var streams = new List<RecordingStream>();
        for (var i = 0; i < 5; i++)
            streams.Add(await client.OpenAsync());
        await client.Peer.SendUntilClosedAsync(FromServer);
        var answers = await client.Peer.ReadToEndAsync();
        await client.ClosedAsync();
        Assert.Equal("GOAWAY 0 ProtocolError", answers[^1].ToString());
        return [.. streams.SelectMany(stream => stream.Rest().Select(line => $"{stream.Id}: {line}")), .. answers.Select(frame => frame.ToString())];
    }
}
