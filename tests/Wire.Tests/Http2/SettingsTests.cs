using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Http2;

public sealed class SettingsTests
{
    [Fact]
    [Trait("RFC 9113", "6.5.3 Settings Synchronization")]
    public async Task EverySettings_IsAcknowledgedInItsPlaceBetweenOtherAnswers()
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        await server.Peer.SendAsync(Raw.Settings(), Raw.Ping(1), Raw.Settings(), Raw.Settings((Raw.InitialWindowSize, 5), (Raw.InitialWindowSize, 6)));
        Assert.Equal(
            ["SETTINGS ACK", "PING ACK", "SETTINGS ACK", "SETTINGS ACK"], (await server.Peer.FenceAsync()).Select(frame => frame.ToString()));
    }

    [Fact]
    [Trait("RFC 9113", "4.2 Frame Size")]
    public async Task MaxFrameSize_OfThePeer_IsNeverExceededByDataNorByHeaderBlocks()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(settings: Raw.Settings((Raw.InitialWindowSize, 1 << 20)));
        var stream = await server.AcceptAsync(1);
        var headers = new OutgoingHeaders().Add(":status", "200").Add("long", new string('~', 40_000));
        Assert.True(stream.Send(headers, length: 40_000, endStream: true));
        var seen = new List<RawFrame>();
        do
            seen.Add((await server.Peer.ReadAsync())!);
        while (!seen[^1].Ends || seen[^1].Type != RawFrame.Data);

        Assert.All(seen, frame => Assert.InRange(frame.Payload.Length, 1, 16_384));
        var block = seen.TakeWhile(frame => frame.Type != RawFrame.Data).ToList();
        Assert.True(block.Count > 1);
        Assert.Equal(RawFrame.Headers, block[0].Type);
        Assert.Equal(0, block[0].Flags);
        Assert.All(block.Skip(1), frame => Assert.Equal(RawFrame.Continuation, frame.Type));
        Assert.Equal(RawFrame.EndHeaders, block[^1].Flags);
        Assert.Equal(40_000, seen.Skip(block.Count).Sum(frame => frame.Payload.Length));
        var whole = block[0] with { Payload = [.. block.SelectMany(frame => frame.Payload)] };
        Assert.Equal(40_000, server.Peer.Decode(whole)["long"].Length);
    }

    [Theory]
    [InlineData(Http2Role.Server)]
    [InlineData(Http2Role.Client)]
    [Trait("RFC 9113", "4.3.1 Compression State")]
    [Trait("RFC 7541", "4.2 Maximum Table Size")]
    internal async Task HeaderTableSize_LoweredAndRaisedInOneFrame_IsFollowedDownToItsLowest(Http2Role role)
    {
        // The peer's decoder has evicted everything, and the next block must say that we have too.
        byte[] zeroThen4096 = [0x20, 0x3f, 0xe1, 0x1f];
        Assert.Equal(zeroThen4096, (await NextBlockAsync(role, (Raw.HeaderTableSize, 0), (Raw.HeaderTableSize, 4096)))[..4]);
    }

    [Theory]
    [InlineData(Http2Role.Server)]
    [InlineData(Http2Role.Client)]
    [Trait("RFC 9113", "4.3.1 Compression State")]
    [Trait("RFC 7541", "4.2 Maximum Table Size")]
    internal async Task HeaderTableSize_Lowered_IsSaidAtTheStartOfTheNextBlock(Http2Role role) =>
        Assert.Equal(0x20, (await NextBlockAsync(role, (Raw.HeaderTableSize, 0)))[0]);

    [Theory]
    [InlineData(Http2Role.Server)]
    [InlineData(Http2Role.Client)]
    [Trait("RFC 9113", "6.5.3 Settings Synchronization")]
    internal async Task InitialWindow_TwiceInOneFrame_IsTheLast(Http2Role role)
    {
        await using var connection = await ConnectionUnderTest.StartAsync(role);
        await connection.Peer.SendAsync(Raw.Settings((Raw.InitialWindowSize, 100), (Raw.InitialWindowSize, 1)));
        Assert.Equal("SETTINGS ACK", Assert.Single(await connection.Peer.FenceAsync()).ToString());
        var stream = await connection.BeginAsync();
        Assert.True(stream.Send(connection.IsClient ? null : RecordingStream.ResponseHeaders, length: 5));
        Assert.Equal("DATA 1 1", (await connection.Peer.NextAsync(RawFrame.Data)).ToString());
    }

    // What the connection's next header list begins with, behind settings that it has acknowledged.
    private static async Task<byte[]> NextBlockAsync(Http2Role role, params (int, long)[] settings)
    {
        await using var connection = await ConnectionUnderTest.StartAsync(role);
        await connection.Peer.SendAsync(Raw.Settings(settings));
        Assert.Equal("SETTINGS ACK", Assert.Single(await connection.Peer.FenceAsync()).ToString());
        var stream = connection.IsClient ? new RecordingStream(connection.Connection) : await connection.AcceptAsync(1);
        Assert.True(stream.Send(connection.IsClient ? RecordingStream.RequestHeaders : RecordingStream.ResponseHeaders));
        return (await connection.Peer.NextAsync(RawFrame.Headers)).Payload;
    }
}
