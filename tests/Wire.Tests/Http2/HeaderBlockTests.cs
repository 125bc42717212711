using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Http2;

[Trait("RFC 9113", "4.3 Field Section Compression and Decompression")]
public sealed class HeaderBlockTests
{
    private const string Told = "headers :method=POST :scheme=http :path=/a/b :authority=here";

    [Fact]
    public async Task HeaderBlock_CutAnywhere_IsTheSame()
    {
        var block = Raw.RequestBlock();
        await using var server = await ConnectionUnderTest.ServerAsync();
        var id = 1;
        for (var cut = 0; cut <= block.Length; cut++, id += 2)
        {
            await server.Peer.SendAsync(
                Raw.Headers(id, block[..cut], endStream: true, endHeaders: false), Raw.Continuation(id, block.AsSpan(cut), endHeaders: true));
            await (await server.AcceptedAsync()).ExpectAsync(Told, "end");
        }

        await server.Peer.ExpectNoComplaintAsync();
    }

    [Fact]
    public async Task HeaderBlock_InFragmentsOfOneByteAndNone_IsTheSame()
    {
        var block = Raw.RequestBlock();
        await using var server = await ConnectionUnderTest.ServerAsync();
        await server.Peer.SendAsync(
        [
            Raw.Headers(1, [], endHeaders: false),
            .. block.Select(octet => Raw.Continuation(1, [octet], endHeaders: false)),
            Raw.Continuation(1, [], endHeaders: true),
        ]);
        await (await server.AcceptedAsync()).ExpectAsync(Told);
        await server.Peer.ExpectNoComplaintAsync();
    }

    [Fact]
    public async Task HeaderList_OverTheLimit_IsAnsweredOnItsStreamAndTheTableStaysInStep()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(logger => new Http2Options { Logger = logger, MaxHeaderListSize = 1000 });
        await server.Peer.SendAsync(
            Raw.Headers(1, [.. Raw.RequestBlock(("long", new string('~', 1000))), 0x40, 1, (byte)'k', 1, (byte)'v'], endStream: true),
            Raw.Headers(3, [.. Raw.RequestBlock(), 0xbe], endStream: true));

        // Who takes the stream decides what to answer; the connection goes on.
        await (await server.AcceptedAsync()).ExpectAsync("headers too large", "end");
        await (await server.AcceptedAsync()).ExpectAsync($"{Told} k=v", "end");
        await server.Peer.ExpectNoComplaintAsync();
    }

    [Theory]
    [InlineData(Http2Role.Server)]
    [InlineData(Http2Role.Client)]
    internal async Task HeaderBlock_LongerThanItsBound_EndsTheConnectionBeforeItIsCollected(Http2Role role)
    {
        await using var connection = await ConnectionUnderTest.StartAsync(role, logger => new Http2Options { Logger = logger, MaxHeaderListSize = 1000 });
        await connection.Peer.SendAsync(Raw.Headers(1, new byte[1000], endHeaders: false));
        for (var i = 0; i < 3; i++)
            await connection.Peer.SendAsync(Raw.Continuation(1, new byte[1000], endHeaders: false));
        Assert.False(connection.Connection.Closed.IsCompleted);
        await connection.Peer.SendAsync(Raw.Continuation(1, [0], endHeaders: false));
        await connection.Peer.ExpectGoAwayAsync(Http2ErrorCode.EnhanceYourCalm);
        Assert.False(connection.HasAccepted);
    }

    [Theory]
    [InlineData(Http2Role.Server)]
    [InlineData(Http2Role.Client)]
    [Trait("CVE", "2024-27316 and its kind")]
    internal async Task Continuation_WithoutEnd_EndsTheConnection(Http2Role role)
    {
        await using var connection = await ConnectionUnderTest.StartAsync(role);
        await connection.Peer.SendAsync(
            [Raw.Headers(1, [], endHeaders: false), .. Enumerable.Repeat(Raw.Continuation(1, [], endHeaders: false), 64)]);
        Assert.False(connection.Connection.Closed.IsCompleted);
        await connection.Peer.SendUntilClosedAsync([.. Enumerable.Repeat(Raw.Continuation(1, [], endHeaders: false), 1000)]);
        await connection.Peer.ExpectGoAwayAsync(Http2ErrorCode.EnhanceYourCalm);
    }

    [Fact]
    public async Task HeaderBlock_OfReferencesToALongField_IsTooLargeForItsStreamAndNoMore()
    {
        // 4,000 bytes in the table, then 60,000 references of one byte: 240 MB if they were spelled out.
        await using var server = await ConnectionUnderTest.ServerAsync();
        byte[] longField = [0x40, 1, (byte)'b', 0x7f, 0xa1, 0x1e, .. Enumerable.Repeat((byte)'x', 4000)];
        await server.Peer.SendAsync(Raw.Headers(1, [.. Raw.RequestBlock(), .. longField], endStream: true));
        await (await server.AcceptedAsync()).NextAsync();
        await server.Peer.SendAsync(Raw.Headers(3, [.. Raw.RequestBlock(), .. Enumerable.Repeat((byte)0xbe, 60_000)], endStream: true));
        await (await server.AcceptedAsync()).ExpectAsync("headers too large");
        await server.Peer.ExpectNoComplaintAsync();
    }

    [Fact]
    public async Task HeaderBlock_OfARefusedOrBrokenRequest_IsReadForTheTableAllTheSame()
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        byte[] entry = [0x40, 1, (byte)'k', 1, (byte)'v'];
        server.Refuses = true;
        await server.Peer.SendAsync(Raw.Headers(1, [.. Raw.RequestBlock(), .. entry]));
        await server.Peer.ExpectResetAsync(1, Http2ErrorCode.RefusedStream);
        server.Refuses = false;
        await server.Peer.SendAsync(Raw.Headers(3, [.. Raw.Block((":method", "POST")), .. entry]));
        await server.Peer.ExpectResetAsync(3, Http2ErrorCode.ProtocolError);
        await server.Peer.SendAsync(Raw.Headers(5, [.. Raw.RequestBlock(), 0xbe, 0xbf], endStream: true));
        await (await server.AcceptedAsync()).ExpectAsync($"{Told} k=v k=v");
    }
}
