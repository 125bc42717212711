using Microsoft.Extensions.DependencyInjection;
using Plugwire.Callbacks;
using Plugwire.Testing;
using Plugwire.Tests.Contract;
using Plugwire.Tests.Launching;
using Plugwire.Tests.Running;
using Plugwire.Wire.Launching;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Transports;

namespace Plugwire.Tests.Callbacks;

/// <summary>Which connections a plugin takes for its host's, and which it goes on serving.</summary>
public sealed class HostConnectionScreenTests
{
    private static readonly byte[] Http2Preface = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8];
    private static readonly byte[] EmptySettings = [0, 0, 0, 4, 0, 0, 0, 0, 0];

    private readonly FakeLaunch _launch = new();
    private readonly ManualClock _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Token_GivenOut_IsAnotherEachTime()
    {
        await using var plugin = await StartAsync();

        var first = await FakeHost.AnnounceAsync(plugin);
        var second = await FakeHost.AnnounceAsync(plugin);

        Assert.Equal(HostConnectionPreamble.TokenBytes, first.Length);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task Token_ThatIsWrong_ClosesTheConnectionAndLeavesTheRightOneGood()
    {
        await using var plugin = await StartAsync();
        var token = await FakeHost.AnnounceAsync(plugin);
        for (var bit = 0; bit < token.Length * 8; bit += 15)
        {
            var wrong = token.ToArray();
            wrong[bit / 8] ^= (byte)(1 << (bit % 8));
            await AssertRefusedAsync(await FakeHost.DialAsync(plugin, wrong), "its token is not the one");
        }

        await using var host = FakeHost.Serve(await FakeHost.DialAsync(plugin, token), new HostEcho());

        await AssertCalledBackAsync(plugin);
    }

    [Fact]
    public async Task Token_ThatHasBeenUsed_ClosesTheConnection()
    {
        await using var plugin = await StartAsync();
        var token = await FakeHost.AnnounceAsync(plugin);
        await using var host = FakeHost.Serve(await FakeHost.DialAsync(plugin, token), new HostEcho());
        await AssertCalledBackAsync(plugin);

        await AssertRefusedAsync(await FakeHost.DialAsync(plugin, token), "or has been used");

        await AssertCalledBackAsync(plugin);
    }

    [Fact]
    public async Task Token_UsedByManyAtOnce_IsGoodForOne()
    {
        await using var plugin = await StartAsync();
        var token = await FakeHost.AnnounceAsync(plugin);
        var dialled = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => FakeHost.DialAsync(plugin, token), Token))).Within();

        var hosts = dialled.Select(transport => FakeHost.Serve(transport, new HostEcho())).ToArray();

        await AssertCalledBackAsync(plugin);
        while (hosts.Count(host => !host.Closed.IsCompleted) > 1)
            await Task.WhenAny(hosts.Select(host => host.Closed).Where(closed => !closed.IsCompleted)).Within();
        await AssertCalledBackAsync(plugin);
        foreach (var host in hosts)
            await host.DisposeAsync();
    }

    [Fact]
    public async Task Token_ThatIsOlderThanItsLife_ClosesTheConnection()
    {
        await using var plugin = await StartAsync();
        var token = await FakeHost.AnnounceAsync(plugin);

        await _clock.AdvanceAsync(HostConnectionToken.Life, Token);

        await AssertRefusedAsync(await FakeHost.DialAsync(plugin, token), "older than 30 s");
    }

    [Fact]
    public async Task Token_InTheLastMomentOfItsLife_IsGood()
    {
        await using var plugin = await StartAsync();
        var token = await FakeHost.AnnounceAsync(plugin);

        await _clock.AdvanceAsync(HostConnectionToken.Life - TimeSpan.FromTicks(1), Token);
        await using var host = FakeHost.Serve(await FakeHost.DialAsync(plugin, token), new HostEcho());

        await AssertCalledBackAsync(plugin);
    }

    [Fact]
    public async Task Token_OfAnEarlierAnnouncement_ClosesTheConnection()
    {
        await using var plugin = await StartAsync();
        var earlier = await FakeHost.AnnounceAsync(plugin);
        var token = await FakeHost.AnnounceAsync(plugin);

        await AssertRefusedAsync(await FakeHost.DialAsync(plugin, earlier), "gave out last");

        await using var host = FakeHost.Serve(await FakeHost.DialAsync(plugin, token), new HostEcho());
        await AssertCalledBackAsync(plugin);
    }

    [Fact]
    public async Task Preamble_OfAnotherMark_ClosesTheConnection()
    {
        await using var plugin = await StartAsync();
        var preamble = HostConnectionPreamble.Format(await FakeHost.AnnounceAsync(plugin));
        preamble[15]++;
        var transport = await plugin.Listener.ConnectAsync(Token);

        await transport.Stream.WriteAsync(preamble, Token);

        await AssertRefusedAsync(transport, "another mark");
    }

    [Fact]
    public async Task Preamble_ThatComesByteByByte_IsTaken()
    {
        await using var plugin = await StartAsync();
        var preamble = HostConnectionPreamble.Format(await FakeHost.AnnounceAsync(plugin));
        var transport = await plugin.Listener.ConnectAsync(Token);

        foreach (var part in preamble)
            await transport.Stream.WriteAsync(new[] { part }, Token);
        await using var host = FakeHost.Serve(transport, new HostEcho());

        await AssertCalledBackAsync(plugin);
    }

    [Fact]
    public async Task Preamble_AndWhatFollowsInOneWrite_IsTakenAndNotMore()
    {
        await using var plugin = await StartAsync();
        var token = await FakeHost.AnnounceAsync(plugin);
        var transport = await plugin.Listener.ConnectAsync(Token);

        await transport.Stream.WriteAsync((byte[])[.. HostConnectionPreamble.Format(token), .. EmptySettings], Token);

        // The plugin has begun to speak, as a client.
        var preface = new byte[Http2Preface.Length];
        await transport.Stream.ReadExactlyAsync(preface, Token).AsTask().Within();
        Assert.Equal(Http2Preface, preface);
        await transport.DisposeAsync();
    }

    [Fact]
    public async Task Preamble_ThatBreaksOff_ClosesTheConnection()
    {
        await using var plugin = await StartAsync();
        var preamble = HostConnectionPreamble.Format(await FakeHost.AnnounceAsync(plugin));
        await using (var transport = await plugin.Listener.ConnectAsync(Token))
            await transport.Stream.WriteAsync(preamble.AsMemory(0, 20), Token);

        await using var client = await ConnectAsync(plugin);
        await LoggedAsync(plugin, "it broke before anything had come of it");
    }

    [Fact]
    public async Task Connection_ThatSaysNothing_IsClosedInTimeAndHoldsUpNobody()
    {
        await using var plugin = await StartAsync();
        await FakeHost.AnnounceAsync(plugin);
        var silent = await plugin.Listener.ConnectAsync(Token);
        await _clock.WaitForTimerAsync(HostConnectionScreen.Budget, cancellationToken: Token);

        await using (var client = await ConnectAsync(plugin))
            Assert.Equal("hello", (await new Echo.EchoClient(client.CallInvoker).UnaryAsync(new Text { Value = "hello" }, cancellationToken: Token).ResponseAsync.Within()).Value);
        await _clock.AdvanceAsync(HostConnectionScreen.Budget, Token);

        await AssertRefusedAsync(silent, "nothing has come of it within 5 s");
    }

    [Fact]
    public async Task Host_ThatGoesSilentAfterItsToken_IsClosedInTime()
    {
        await using var plugin = await StartAsync();
        var token = await FakeHost.AnnounceAsync(plugin);
        var transport = await FakeHost.DialAsync(plugin, token);
        await _clock.WaitForTimerAsync(HostConnectionScreen.Budget, cancellationToken: Token);
        var preface = new byte[Http2Preface.Length];
        await transport.Stream.ReadExactlyAsync(preface, Token).AsTask().Within();

        await _clock.AdvanceAsync(HostConnectionScreen.Budget, Token);

        await ReadToEndAsync(transport);
        await transport.DisposeAsync();
        await LoggedAsync(plugin, "nothing has come of it within 5 s");
    }

    [Fact]
    public async Task Connection_ThatIsLateWhenThePluginStopsAsWell_IsClosedForBeingLate()
    {
        await using var plugin = await StartAsync();
        await FakeHost.AnnounceAsync(plugin);
        await using var silent = await plugin.Listener.ConnectAsync(Token);
        await _clock.WaitForTimerAsync(HostConnectionScreen.Budget, cancellationToken: Token);

        await _clock.AdvanceAsync(HostConnectionScreen.Budget, Token);

        await LoggedAsync(plugin, "nothing has come of it within 5 s");
    }

    [Fact]
    public async Task Connection_ThatSaysNothingWhenThePluginStops_IsClosedAtOnce()
    {
        await using var plugin = await StartAsync();
        await FakeHost.AnnounceAsync(plugin);
        await using var silent = await plugin.Listener.ConnectAsync(Token);
        await _clock.WaitForTimerAsync(HostConnectionScreen.Budget, cancellationToken: Token);

        await plugin.StopAsync(TimeSpan.FromMinutes(1)).Within();

        Assert.Empty(await ReadToEndAsync(silent));
    }

    [Fact]
    public async Task Client_ThatBeginsSlowly_IsServed()
    {
        await using var plugin = await StartAsync();
        await FakeHost.AnnounceAsync(plugin);
        await using var transport = await plugin.Listener.ConnectAsync(Token);

        foreach (var part in Http2Preface)
            await transport.Stream.WriteAsync(new[] { part }, Token);
        await transport.Stream.WriteAsync(EmptySettings, Token);

        var settings = new byte[4];
        await transport.Stream.ReadExactlyAsync(settings, Token).AsTask().Within();
        Assert.Equal(4, settings[3]);
    }

    [Fact]
    public async Task Client_BeforeAnyAnnouncement_NeedNotSpeakFirst()
    {
        await using var plugin = await StartAsync();
        await using var transport = await plugin.Listener.ConnectAsync(Token);

        var settings = new byte[4];
        await transport.Stream.ReadExactlyAsync(settings, Token).AsTask().Within();

        Assert.Equal(4, settings[3]);
    }

    [Fact]
    public async Task Connections_ThatSayNothing_CountAmongThoseThatMayBeOpen()
    {
        await using var plugin = await StartAsync(maxConnections: 3);
        await FakeHost.AnnounceAsync(plugin);
        await using var one = await plugin.Listener.ConnectAsync(Token);
        await using var two = await plugin.Listener.ConnectAsync(Token);
        await _clock.WaitForTimerAsync(HostConnectionScreen.Budget, count: 2, Token);

        await using var three = await plugin.Listener.ConnectAsync(Token);

        Assert.Empty(await ReadToEndAsync(three));
        await LoggedAsync(plugin, "3 are open, which is the limit");
    }

    private Task<ServedPlugin> StartAsync(int maxConnections = 16) => ServedPlugin.StartAsync(_launch, builder =>
    {
        builder.Services.AddSingleton<TimeProvider>(_clock);
        builder.Options.MaxConnections = maxConnections;
        builder.AddContract<IEcho>(new Plain());
    });

    private static async Task<RpcClientConnection> ConnectAsync(ServedPlugin plugin) =>
        await RpcClientConnection.ConnectAsync(await plugin.Listener.ConnectAsync(Token), new RpcClientOptions(), Token).Within();

    private static async Task AssertCalledBackAsync(ServedPlugin plugin) => Assert.Equal(
        "BACK", (await plugin.Application.GetHostContract<IEcho>().UnaryAsync(new Text { Value = "back" }, cancellationToken: Token).AsTask().Within()).Value);

    private async Task AssertRefusedAsync(TransportConnection transport, string reason)
    {
        // What the plugin said before it found out; nothing, as a rule.
        await ReadToEndAsync(transport);
        await transport.DisposeAsync();
        Assert.Contains("ConnectionRefused", _launch.Log, StringComparison.Ordinal);
        Assert.Contains(reason, _launch.Log, StringComparison.Ordinal);
    }

    // The log is written by whoever finds out: when he has come to it, a stop has waited for him.
    private async Task LoggedAsync(ServedPlugin plugin, string text)
    {
        await plugin.StopAsync(TimeSpan.FromMinutes(1)).Within();
        Assert.Contains(text, _launch.Log, StringComparison.Ordinal);
    }

    private static async Task<byte[]> ReadToEndAsync(TransportConnection transport)
    {
        using var all = new MemoryStream();
        await transport.Stream.CopyToAsync(all, Token).Within();
        return all.ToArray();
    }

    private sealed class Plain : IEcho
    {
        public ValueTask<Text> UnaryAsync(Text request, CallContext call = default, CancellationToken cancellationToken = default) => new(request);
    }
}
