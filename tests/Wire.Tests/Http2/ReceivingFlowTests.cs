using Microsoft.Extensions.Logging;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Http2;

[Trait("RFC 9113", "5.2 Flow control, 6.9 WINDOW_UPDATE: what we grant")]
public sealed class ReceivingFlowTests
{
    private const int StreamWindow = 100_000;
    private const int ConnectionWindow = 150_000;

    [Fact]
    public async Task Data_WithinTheStreamsWindow_IsTakenAndNotOneByteMore()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(Small);
        server.StreamsRead = false;
        var stream = await server.AcceptAsync(1);
        await server.Peer.SendAsync(Raw.Data(1, 60_000), Raw.Data(1, 40_000));
        await server.Peer.ExpectNoComplaintAsync();
        await server.Peer.SendAsync(Raw.Data(1, 1));
        await server.Peer.ExpectResetAsync(1, Http2ErrorCode.FlowControlError);
        await stream.ExpectAsync("data 60000", "data 40000", "reset FlowControlError");
    }

    [Fact]
    public async Task Data_InOneFrameBeyondTheConnectionsWindow_EndsTheConnection()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(
            logger => new Http2Options { Logger = logger, ConnectionWindow = 65_535, MaxFrameSize = 100_000 });
        var stream = await server.AcceptAsync(1);
        await server.Peer.SendUntilClosedAsync(Raw.Data(1, 65_536));
        await server.Peer.ExpectGoAwayAsync(Http2ErrorCode.FlowControlError);
        await stream.ExpectAsync("lost FlowControlError");
    }

    [Fact]
    public async Task ConnectionsWindow_IsGivenBackWhateverItsStreamsRead()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(Small);
        server.StreamsRead = false;
        for (var id = 1; id <= 9; id += 2)
        {
            await server.AcceptAsync(id);
            await server.Peer.SendAsync(Raw.Data(id, 50_000), Raw.Data(id, 50_000));
        }

        // Half a million bytes that nobody reads, and the connection has given back all but what it has not told yet.
        var granted = (await server.Peer.FenceAsync()).Where(frame => frame is { Type: RawFrame.WindowUpdate, StreamId: 0 }).Sum(frame => frame.Increment);
        Assert.InRange(granted, 500_000 - (ConnectionWindow / 2), 500_000);
        server.StreamsRead = true;
        var last = await server.AcceptAsync(11);
        await server.Peer.SendAsync(Raw.Data(11, 5));
        await last.ExpectAsync("data 5");
    }

    [Fact]
    public async Task StreamsWindow_IsGivenBackWhenReadAndOnlyThen()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(Small);
        server.StreamsRead = false;
        var stream = await server.AcceptAsync(1);
        await server.Peer.SendAsync(Raw.Data(1, 60_000));
        Assert.DoesNotContain(await server.Peer.FenceAsync(), frame => frame is { Type: RawFrame.WindowUpdate, StreamId: 1 });
        stream.ReadKept();
        Assert.Equal("WINDOW_UPDATE 1 +60000", (await server.Peer.NextAsync(RawFrame.WindowUpdate)).ToString());
    }

    [Fact]
    public async Task Padding_CountsForBothWindowsAndIsGivenBackAtOnce()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(Small);
        server.StreamsRead = false;
        var stream = await server.AcceptAsync(1);
        var streamGranted = 0;
        for (var i = 0; i < 1000; i++)
        {
            await server.Peer.SendAsync(Raw.PaddedData(1, 1, 255));
            streamGranted += (await server.Peer.FenceAsync()).Where(frame => frame is { Type: RawFrame.WindowUpdate, StreamId: 1 }).Sum(frame => frame.Increment);
        }

        Assert.InRange(streamGranted, 256_000 - (StreamWindow / 2), 256_000);
        stream.ReadKept();
        await server.Peer.ExpectNoComplaintAsync();
    }

    [Fact]
    public async Task DataOnClosedStreams_CountsForTheConnectionAndIsGivenBack()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(Small);
        await server.AcceptAsync(1);
        await server.Peer.SendAsync(Raw.Reset(1, Http2ErrorCode.Cancel));
        var granted = 0;
        for (var i = 0; i < 100; i++)
        {
            await server.Peer.SendAsync(Raw.Data(1, 10_000));
            granted += (await server.Peer.FenceAsync()).Where(frame => frame is { Type: RawFrame.WindowUpdate, StreamId: 0 }).Sum(frame => frame.Increment);
        }

        Assert.InRange(granted, 1_000_000 - (ConnectionWindow / 2), 1_000_000);
    }

    [Fact]
    public async Task Message_LongerThanTheWindow_IsAllowedToComeWhole()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(Small);
        server.StreamsRead = false;
        var stream = await server.AcceptAsync(1);
        await server.Peer.SendAsync(Raw.Data(1, 50_000));
        await stream.ExpectAsync("data 50000");
        stream.Allow(250_000);
        Assert.Equal("WINDOW_UPDATE 1 +150001", (await server.Peer.NextAsync(RawFrame.WindowUpdate)).ToString());
        await server.Peer.SendAsync([.. Enumerable.Repeat(Raw.Data(1, 50_000), 4)]);
        await stream.ExpectAsync("data 50000", "data 50000", "data 50000", "data 50000");

        // Read, the exception is paid back first: with the byte behind the message the peer has what a window holds, no more.
        await server.Peer.FenceAsync();
        stream.ReadKept();
        Assert.Equal("WINDOW_UPDATE 1 +99999", (await server.Peer.NextAsync(RawFrame.WindowUpdate)).ToString());
    }

    private static Http2Options Small(ILogger logger) =>
        new() { Logger = logger, StreamWindow = StreamWindow, ConnectionWindow = ConnectionWindow };
}
