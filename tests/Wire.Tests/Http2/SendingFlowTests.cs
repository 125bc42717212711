using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Http2;

[Trait("RFC 9113", "6.9.1 The Flow-Control Window")]
public sealed class SendingFlowTests
{
    [Fact]
    public async Task Message_LongerThanTheStreamsWindow_LeavesAsTheWindowOpens()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(settings: Raw.Settings((Raw.InitialWindowSize, 10)));
        var stream = await server.AcceptAsync(1);
        Assert.True(stream.Send(out var sent, RecordingStream.ResponseHeaders, length: 25, trailers: RecordingStream.EndHeaders));
        Assert.Equal("HEADERS 1,DATA 1 10", await AnswersAsync(server));
        await server.Peer.SendAsync(Raw.WindowUpdate(1, 5));
        Assert.Equal("DATA 1 5", await AnswersAsync(server));
        Assert.False(sent.IsCompleted);
        await server.Peer.SendAsync(Raw.WindowUpdate(1, 10));
        Assert.Equal("DATA 1 10,HEADERS 1 END,RST_STREAM 1 NoError", await AnswersAsync(server));
        await sent.WaitAsync(RawPeer.Limit);
    }

    [Fact]
    public async Task Message_LongerThanTheConnectionsWindow_LeavesAsTheWindowOpens()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(settings: Raw.Settings((Raw.InitialWindowSize, 1 << 20)));
        var stream = await server.AcceptAsync(1, endStream: true);
        Assert.True(stream.Send(RecordingStream.ResponseHeaders, length: 70_000, endStream: true));
        Assert.Equal(65_535, (await server.Peer.FenceAsync()).Where(frame => frame.Type == RawFrame.Data).Sum(frame => frame.Payload.Length));
        await server.Peer.SendAsync(Raw.WindowUpdate(0, 4464), Raw.WindowUpdate(1, 1));
        Assert.Equal("DATA 1 4464", await AnswersAsync(server));
        await server.Peer.SendAsync(Raw.WindowUpdate(0, 1));
        Assert.Equal("DATA 1 1 END", await AnswersAsync(server));
    }

    [Fact]
    public async Task HeadersTrailersAndTheEnd_NeedNoWindow()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(settings: Raw.Settings((Raw.InitialWindowSize, 0)));
        var first = await server.AcceptAsync(1, endStream: true);
        var second = await server.AcceptAsync(3, endStream: true);
        Assert.True(first.Send(RecordingStream.ResponseHeaders, length: 0, trailers: RecordingStream.EndHeaders));
        Assert.True(second.Send(RecordingStream.ResponseHeaders, length: 0, endStream: true));
        Assert.Equal("HEADERS 1,HEADERS 1 END,HEADERS 3,DATA 3 0 END", await AnswersAsync(server));
    }

    [Theory]
    [InlineData(Http2Role.Server)]
    [InlineData(Http2Role.Client)]
    [Trait("RFC 9113", "6.9.2 Initial Flow-Control Window Size")]
    internal async Task InitialWindow_RaisedLoweredBelowZeroAndRaised_MovesOpenStreamsToo(Http2Role role)
    {
        await using var server = await ConnectionUnderTest.StartAsync(role, settings: Raw.Settings((Raw.InitialWindowSize, 100)));
        var stream = role == Http2Role.Server ? await server.AcceptAsync(1, endStream: true) : new RecordingStream(server.Connection);
        Assert.True(stream.Send(role == Http2Role.Server ? RecordingStream.ResponseHeaders : RecordingStream.RequestHeaders, length: 500, endStream: true));
        Assert.Equal("HEADERS 1,DATA 1 100", await AnswersAsync(server));
        await server.Peer.SendAsync(Raw.Settings((Raw.InitialWindowSize, 200)));
        Assert.Equal("SETTINGS ACK,DATA 1 100", await AnswersAsync(server));
        await server.Peer.SendAsync(Raw.Settings((Raw.InitialWindowSize, 50)), Raw.WindowUpdate(1, 150));
        Assert.Equal("SETTINGS ACK", await AnswersAsync(server));
        await server.Peer.SendAsync(Raw.WindowUpdate(1, 1));
        Assert.Equal("DATA 1 1", await AnswersAsync(server));
        await server.Peer.SendAsync(Raw.Settings((Raw.InitialWindowSize, 1000)));
        Assert.Equal("SETTINGS ACK,DATA 1 299 END", await AnswersAsync(server));
    }

    [Fact]
    [Trait("RFC 9113", "6.9.2 Initial Flow-Control Window Size")]
    public async Task InitialWindow_OfZeroAndThenMore_LetsStreamsGoThatWaitedFromTheStart()
    {
        await using var client = await ConnectionUnderTest.ClientAsync(settings: Raw.Settings((Raw.InitialWindowSize, 0)));
        await client.OpenAsync();
        Assert.True(new RecordingStream(client.Connection).Send(RecordingStream.RequestHeaders, length: 7, endStream: true));
        Assert.Equal("HEADERS 3", await AnswersAsync(client));
        await client.Peer.SendAsync(Raw.Settings((Raw.InitialWindowSize, 7)));
        Assert.Equal("SETTINGS ACK,DATA 3 7 END", await AnswersAsync(client));
    }

    [Fact]
    public async Task StreamWithoutWindow_KeepsNoOtherFromSending()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(settings: Raw.Settings((Raw.InitialWindowSize, 100)));
        var stuck = await server.AcceptAsync(1, endStream: true);
        var free = await server.AcceptAsync(3, endStream: true);
        Assert.True(stuck.Send(RecordingStream.ResponseHeaders, length: 1000, endStream: true));
        Assert.True(free.Send(RecordingStream.ResponseHeaders, length: 100, trailers: RecordingStream.EndHeaders));
        Assert.Equal("HEADERS 1,DATA 1 100,HEADERS 3,DATA 3 100,HEADERS 3 END", await AnswersAsync(server));
    }

    // Data that waits for its turn leaves behind the answers to what let it go: it is there before a second fence.
    private static async Task<string> AnswersAsync(ConnectionUnderTest connection) =>
        string.Join(',', [.. await connection.Peer.FenceAsync(), .. await connection.Peer.FenceAsync()]);
}
