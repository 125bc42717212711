using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Http2;

[Trait("RFC 9113", "6.5 SETTINGS")]
public sealed class SettingsTests
{
    [Theory]
    [InlineData(Raw.EnablePush, 2L, Http2ErrorCode.ProtocolError)]
    [InlineData(Raw.InitialWindowSize, 0x80000000L, Http2ErrorCode.FlowControlError)]
    [InlineData(Raw.InitialWindowSize, (long)uint.MaxValue, Http2ErrorCode.FlowControlError)]
    [InlineData(Raw.MaxFrameSize, 16_383L, Http2ErrorCode.ProtocolError)]
    [InlineData(Raw.MaxFrameSize, 16_777_216L, Http2ErrorCode.ProtocolError)]
    internal async Task Setting_OutOfItsRange_EndsTheConnection(int id, long value, Http2ErrorCode code)
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        await server.Peer.SendAsync(Raw.Settings((id, value)));
        await server.Peer.ExpectGoAwayAsync(code);
    }

    [Theory]
    [InlineData(Raw.HeaderTableSize, 0L)]
    [InlineData(Raw.HeaderTableSize, (long)uint.MaxValue)]
    [InlineData(Raw.EnablePush, 1L)]
    [InlineData(Raw.MaxConcurrentStreams, 0L)]
    [InlineData(Raw.MaxConcurrentStreams, (long)uint.MaxValue)]
    [InlineData(Raw.InitialWindowSize, 0L)]
    [InlineData(Raw.InitialWindowSize, 0x7fffffffL)]
    [InlineData(Raw.MaxFrameSize, 16_384L)]
    [InlineData(Raw.MaxFrameSize, 16_777_215L)]
    [InlineData(Raw.MaxHeaderListSize, 0L)]
    [InlineData(Raw.MaxHeaderListSize, (long)uint.MaxValue)]
    [InlineData(0x7, (long)uint.MaxValue)]
    [InlineData(0xffff, 1L)]
    public async Task Setting_AtTheEndOfItsRangeOrUnknown_IsAcknowledgedOnce(int id, long value)
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        await server.Peer.SendAsync(Raw.Settings((id, value)));
        Assert.Equal(["SETTINGS ACK"], (await server.Peer.FenceAsync()).Select(frame => frame.ToString()));
    }

    [Fact]
    public async Task Server_ThatOffersPush_LosesItsClient()
    {
        await using var client = ConnectionUnderTest.Client();
        await client.ReadPrefaceAsync();
        await client.Peer.SendAsync(Raw.Settings((Raw.EnablePush, 1)));
        await client.Peer.ExpectGoAwayAsync(Http2ErrorCode.ProtocolError);
    }

    [Fact]
    public async Task EverySettings_IsAcknowledgedInItsPlaceBetweenOtherAnswers()
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        await server.Peer.SendAsync(Raw.Settings(), Raw.Ping(1), Raw.Settings(), Raw.Settings((Raw.InitialWindowSize, 5), (Raw.InitialWindowSize, 6)));
        Assert.Equal(
            ["SETTINGS ACK", "PING ACK", "SETTINGS ACK", "SETTINGS ACK"], (await server.Peer.FenceAsync()).Select(frame => frame.ToString()));
    }

    [Fact]
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

    [Fact]
    public async Task HeaderTableSize_LoweredAndRaisedInOneFrame_IsFollowedDownToItsLowest()
    {
        await using var client = await ConnectionUnderTest.ClientAsync();
        await client.Peer.SendAsync(Raw.Settings((Raw.HeaderTableSize, 0), (Raw.HeaderTableSize, 4096)));
        await client.Peer.FenceAsync();

        // RFC 7541 section 4.2: the peer's decoder has evicted everything, and the next block must say that we have too.
        var stream = new RecordingStream(client.Connection);
        Assert.True(stream.Send(RecordingStream.RequestHeaders, endStream: true));
        byte[] zeroThen4096 = [0x20, 0x3f, 0xe1, 0x1f];
        Assert.Equal(zeroThen4096, (await client.Peer.NextAsync(RawFrame.Headers)).Payload[..4]);
    }
}
