using Microsoft.Extensions.Logging;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Http2;

[Trait("RFC 9113", "6.9.1 The Flow-Control Window")]
public sealed class ReceivingFlowTests
{
    private const int StreamWindow = 100_000;
    private const int ConnectionWindow = 150_000;

    [Theory]
    [InlineData(Http2Role.Server)]
    [InlineData(Http2Role.Client)]
    internal async Task Data_WithinTheStreamsWindow_IsTakenAndNotOneByteMore(Http2Role role)
    {
        await using var connection = await ConnectionUnderTest.StartAsync(role, Small);
        connection.StreamsRead = false;
        var stream = await connection.BeginAsync();
        await connection.Peer.SendAsync(Raw.Data(1, 60_000), Raw.Data(1, 40_000));
        await connection.Peer.ExpectNoComplaintAsync();
        await connection.Peer.SendAsync(Raw.Data(1, 1));
        await connection.Peer.ExpectResetAsync(1, Http2ErrorCode.FlowControlError);
        await stream.ExpectAsync("data 60000", "data 40000", "reset FlowControlError");
    }

    [Theory]
    [InlineData(Http2Role.Server)]
    [InlineData(Http2Role.Client)]
    internal async Task Data_InOneFrameBeyondTheConnectionsWindow_EndsTheConnection(Http2Role role)
    {
        await using var connection = await ConnectionUnderTest.StartAsync(
            role, logger => new Http2Options { Logger = logger, ConnectionWindow = 65_535, MaxFrameSize = 100_000 });
        var stream = await connection.BeginAsync();
        await connection.Peer.SendUntilClosedAsync(Raw.Data(1, 65_536));
        await connection.Peer.ExpectGoAwayAsync(Http2ErrorCode.FlowControlError);
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

    [Theory]
    [InlineData(Http2Role.Server)]
    [InlineData(Http2Role.Client)]
    internal async Task DataOnClosedStreams_CountsForTheConnectionAndIsGivenBack(Http2Role role)
    {
        await using var server = await ConnectionUnderTest.StartAsync(role, Small);
        await server.BeginAsync();
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

    [Theory]
    [InlineData(Http2Role.Server)]
    [InlineData(Http2Role.Client)]
    internal async Task Message_LongerThanTheWindowInPaddedFrames_ComesWhole(Http2Role role)
    {
        const int Length = 250_000;
        await using var connection = await ConnectionUnderTest.StartAsync(role, Small);
        connection.StreamsRead = false;
        var stream = await connection.BeginAsync();
        await connection.Peer.SendAsync(Raw.Data(1, 5000));
        await stream.ExpectAsync("data 5000");
        stream.Allow(Length);

        // The reader gives nothing back before it has all of it. Each frame takes 256 bytes more than it brings, but for the last, whose padding would be beyond what the message needs.
        var credit = StreamWindow - 5000;
        for (var sent = 5000; sent < Length; sent += 1000)
        {
            credit += (await connection.Peer.FenceAsync()).Where(frame => frame is { Type: RawFrame.WindowUpdate, StreamId: 1 }).Sum(frame => frame.Increment);
            var padding = sent + 1000 < Length ? 256 : 0;
            Assert.True(credit >= 1000 + padding, $"After {sent} of {Length} bytes the peer has a credit of {credit}.");
            await connection.Peer.SendAsync(padding > 0 ? Raw.PaddedData(1, 1000, 255) : Raw.Data(1, 1000));
            credit -= 1000 + padding;
        }

        await connection.Peer.ExpectNoComplaintAsync();
        Assert.Equal(Enumerable.Repeat("data 1000", (Length - 5000) / 1000), stream.Rest());
    }

    private static Http2Options Small(ILogger logger) =>
        new() { Logger = logger, StreamWindow = StreamWindow, ConnectionWindow = ConnectionWindow };
}
