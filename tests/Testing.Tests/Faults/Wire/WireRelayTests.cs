using Plugwire.Testing.Faults.Wire;

namespace Plugwire.Testing.Tests.Faults.Wire;

public sealed class WireRelayTests
{
    private static readonly byte[] Ping = [0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bytes_WithoutFaults_PassBothWaysUnchanged()
    {
        await using var link = new RelayLink();

        await link.Host.WriteAsync("to plugin"u8.ToArray(), Token);
        await link.Plugin.WriteAsync("to host"u8.ToArray(), Token);

        Assert.Equal("to plugin"u8.ToArray(), await RelayLink.ReadAsync(link.Plugin, 9));
        Assert.Equal("to host"u8.ToArray(), await RelayLink.ReadAsync(link.Host, 7));
        Assert.Equal((9, 7), (link.ToPlugin.Bytes, link.ToHost.Bytes));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(20)]
    public async Task CutAfterBytes_LetsExactlySoManyPass_AndEndsBothWays(int count)
    {
        await using var link = new RelayLink();
        link.ToPlugin.CutAfterBytes(count);

        byte[] bytes = [.. Ping, .. Ping];
        await link.Host.WriteAsync(bytes, Token);

        Assert.Equal(bytes[..count], await RelayLink.ReadToEndAsync(link.Plugin));
        Assert.Empty(await RelayLink.ReadToEndAsync(link.Host));
        Assert.Equal(count, link.ToPlugin.Bytes);
        await Assert.ThrowsAsync<IOException>(() => WriteForeverAsync(link.Host).Within());
    }

    [Fact]
    public async Task CutAfterBytes_WhileNothingPasses_EndsBothSides()
    {
        await using var link = new RelayLink();
        await link.Host.WriteAsync(Ping, Token);
        await RelayLink.ReadAsync(link.Plugin, Ping.Length);

        link.ToHost.CutAfterBytes(0);

        Assert.Empty(await RelayLink.ReadToEndAsync(link.Host));
        Assert.Empty(await RelayLink.ReadToEndAsync(link.Plugin));
    }

    [Fact]
    public async Task Slices_AreOfOneByte_ForWhoeverWritesAndForTheHostThatReads()
    {
        await using var link = new RelayLink(wrap: stream => new RecordingStream(stream));
        (link.ToPlugin.IsSliced, link.ToHost.IsSliced) = (true, true);

        await link.Host.WriteAsync(Ping, Token);
        await link.Plugin.WriteAsync(Ping, Token);

        Assert.Equal(Ping, await RelayLink.ReadAsync(link.Plugin, Ping.Length));
        Assert.Equal(Enumerable.Repeat(1, Ping.Length), ((RecordingStream)link.Transport).Writes);
        foreach (var expected in Ping)
        {
            var buffer = new byte[100];
            Assert.Equal((1, expected), (await link.Host.ReadAsync(buffer, Token).AsTask().Within(), buffer[0]));
        }
    }

    [Fact]
    public async Task BlackHole_LetsNothingPass_AndLosesNothingOnceItIsHealed()
    {
        await using var link = new RelayLink();
        link.ToPlugin.IsBlackHole = true;
        await link.Host.WriteAsync(Ping, Token);

        // The other direction is none, and what passes there comes after what would have passed here.
        await link.Plugin.WriteAsync(Ping, Token);
        await RelayLink.ReadAsync(link.Host, Ping.Length);
        Assert.Equal((0, Ping.Length), (link.ToPlugin.Bytes, link.ToHost.Bytes));

        link.ToPlugin.IsBlackHole = false;
        Assert.Equal(Ping, await RelayLink.ReadAsync(link.Plugin, Ping.Length));
    }

    [Fact]
    public async Task BlackHole_HoldsItsWriterUp_AndTheRestPassesAfterwards()
    {
        await using var link = new RelayLink();
        link.ToPlugin.IsBlackHole = true;
        var bytes = new byte[1024 * 1024];
        Random.Shared.NextBytes(bytes);
        var writing = Task.Run(() => link.Host.WriteAsync(bytes, Token).AsTask(), Token);

        await link.Plugin.WriteAsync(Ping, Token);
        await RelayLink.ReadAsync(link.Host, Ping.Length);
        Assert.False(writing.IsCompleted);

        link.ToPlugin.IsBlackHole = false;
        Assert.Equal(bytes, await RelayLink.ReadAsync(link.Plugin, bytes.Length));
        await writing.Within();
    }

    [Fact]
    public async Task Reader_ThatStops_StopsTheWriter()
    {
        await using var link = new RelayLink();
        var bytes = new byte[1024 * 1024];

        var writing = Task.Run(() => link.Host.WriteAsync(bytes, Token).AsTask(), Token);
        await RelayLink.ReadAsync(link.Plugin, 1);

        // The pipe of the memory transport, the relay's, and what is between them.
        Assert.InRange(link.ToPlugin.Bytes, 1, 256 * 1024);
        Assert.False(writing.IsCompleted);
        await RelayLink.ReadAsync(link.Plugin, bytes.Length - 1);
        await writing.Within();
    }

    [Fact]
    public async Task Plugin_ThatCloses_IsHeardToTheEnd()
    {
        await using var link = new RelayLink();
        await link.Plugin.WriteAsync(Ping, Token);
        await link.Plugin.DisposeAsync();

        Assert.Equal(Ping, await RelayLink.ReadToEndAsync(link.Host));
        await Assert.ThrowsAsync<IOException>(() => WriteForeverAsync(link.Host).Within());
    }

    [Fact]
    public async Task Host_ThatCloses_IsHeardToTheEnd()
    {
        await using var link = new RelayLink();
        await link.Host.WriteAsync(Ping, Token);
        await link.Host.DisposeAsync().AsTask().Within();

        Assert.Equal(Ping, await RelayLink.ReadToEndAsync(link.Plugin));
    }

    [Fact]
    public async Task Host_ThatClosesInABlackHole_ClosesTheTransport()
    {
        await using var link = new RelayLink();
        link.ToPlugin.IsBlackHole = true;
        await link.Host.WriteAsync(Ping, Token);

        await link.Host.DisposeAsync().AsTask().Within();

        Assert.Empty(await RelayLink.ReadToEndAsync(link.Plugin));
    }

    [Fact]
    public async Task Host_ThatClosesWhileThePluginDoesNotRead_IsNotHeldUp()
    {
        await using var link = new RelayLink();
        var writing = Task.Run(() => WriteForeverAsync(link.Host), Token);
        await RelayLink.ReadAsync(link.Plugin, 1);

        await link.Host.DisposeAsync().AsTask().Within();

        await Assert.ThrowsAnyAsync<Exception>(() => writing.Within());
    }

    [Fact]
    public async Task Transport_ThatBreaks_BreaksForTheHostInTheSameWay()
    {
        await using var link = new RelayLink(wrap: stream => new RecordingStream(stream));
        var reading = RelayLink.ReadToEndAsync(link.Host);

        ((RecordingStream)link.Transport).BreakReads(new IOException("reset by peer"));

        Assert.Equal("reset by peer", (await Assert.ThrowsAsync<IOException>(() => reading)).Message);
    }

    [Fact]
    public async Task Injection_BetweenFrames_WaitsForTheEndOfTheFrame()
    {
        await using var link = new RelayLink();
        await link.Host.WriteAsync(Ping, Token);
        await link.Host.WriteAsync(Ping.AsMemory(0, 10), Token);
        await RelayLink.ReadAsync(link.Plugin, Ping.Length + 10);

        var injection = link.ToPlugin.Inject(WireFrame.GoAway(7));
        await link.Host.WriteAsync(Ping.AsMemory(10), Token);

        byte[] expected = [.. Ping[10..], 0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0];
        Assert.Equal(expected, await RelayLink.ReadAsync(link.Plugin, expected.Length));
        await injection.Written.Within();
        Assert.Equal(2, link.ToPlugin.Frames);
    }

    [Fact]
    public async Task CorruptFrame_TurnsItsFirstByteOverAndNoOther()
    {
        await using var link = new RelayLink();
        link.ToPlugin.CorruptFrame(2);

        byte[] bytes = [.. Ping, .. Ping, .. Ping];
        await link.Host.WriteAsync(bytes, Token);

        bytes[Ping.Length] = byte.MaxValue;
        Assert.Equal(bytes, await RelayLink.ReadAsync(link.Plugin, 3 * Ping.Length));
    }

    [Fact]
    public async Task Delays_AreTheSameForTheSameSeed_OnePerFrame()
    {
        var (first, again, other) = (await WaitsAsync(seed: 7), await WaitsAsync(seed: 7), await WaitsAsync(seed: 8));

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.Equal(5, first.Count);
        Assert.Equal(5, first.Distinct().Count());
        Assert.All(first, wait => Assert.InRange(wait, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(20)));
    }

    private static async Task<IReadOnlyCollection<TimeSpan>> WaitsAsync(int seed)
    {
        var clock = new TimerLog();
        var wire = new WireFaults(seed);
        wire.Calls.ToPlugin.Delay(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(20));
        var pump = new WirePump(new MemoryStream([.. Ping, .. Ping, .. Ping, .. Ping, .. Ping]), Stream.Null, wire.Calls.ToPlugin.Rules, clock);

        Assert.Equal(WireEndKind.Source, (await pump.RunAsync(Token).Within()).Kind);
        Assert.Equal(5, wire.Calls.ToPlugin.FramesPassed);
        return clock.Waits;
    }

    private static async Task WriteForeverAsync(Stream stream)
    {
        while (true)
            await stream.WriteAsync(new byte[1024], Token);
    }
}
