using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Http2;

public sealed class FrameShapeTests
{
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
    [Trait("RFC 9113", "8.4 Server Push")]
    public async Task Client_ToWhichSomethingIsPushed_EndsWithProtocolError()
    {
        await using var client = await ConnectionUnderTest.ClientAsync();
        var stream = await client.OpenAsync();
        await client.Peer.SendAsync(Raw.Frame(RawFrame.PushPromise, RawFrame.EndHeaders, 1, [0, 0, 0, 2, .. Raw.RequestBlock()]));
        await client.Peer.ExpectGoAwayAsync(Http2ErrorCode.ProtocolError);
        await stream.ExpectAsync("lost ProtocolError");
    }

    [Fact]
    [Trait("RFC 9113", "5.1.1 Stream Identifiers")]
    public async Task Client_OnWhichTheServerOpensAStream_EndsWithProtocolError()
    {
        await using var client = await ConnectionUnderTest.ClientAsync();
        await client.Peer.SendAsync(Raw.Response(2));
        await client.Peer.ExpectGoAwayAsync(Http2ErrorCode.ProtocolError);
    }

    [Fact]
    [Trait("RFC 9113", "4.1 Frame Format")]
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
