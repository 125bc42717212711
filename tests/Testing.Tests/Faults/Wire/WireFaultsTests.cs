using Grpc.Core;
using Plugwire.Hosting;
using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Faults.Wire;

/// <summary>What host and plugin make of each fault.</summary>
public sealed class WireFaultsTests
{
    private readonly WireFaults _wire = new(seed: 1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Slices_OfOneByte_LeaveAllKindsOfCallsRight(PluginWay way)
    {
        _wire.SliceIntoBytes();
        await using var harness = await StartAsync(way);
        var echo = harness.GetContract<IEcho>();

        Assert.Equal("one", (await echo.UnaryAsync(new Text { Value = "one" }, cancellationToken: Token)).Value);
        Assert.Equal("abc", (await echo.CollectAsync(Texts("a", "b", "c"), cancellationToken: Token)).Value);
        Assert.Equal(["r", "r", "r"], await ListAsync(echo.RepeatAsync(new Text { Value = "r" }, cancellationToken: Token)));
        Assert.Equal(["x", "y"], await ListAsync(echo.BothAsync(Texts("x", "y"), cancellationToken: Token)));
        Assert.Equal(7, _wire.Calls.ToPlugin.MessagesPassed);
        Assert.Equal(7, _wire.Calls.ToHost.MessagesPassed);
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Slices_OfALongMessage_AreTheMessage(PluginWay way)
    {
        _wire.Calls.SliceIntoBytes();
        await using var harness = await StartAsync(way);
        var text = new Text { Value = new string('x', 20_000) };

        Assert.Equal(text, await harness.GetContract<IEcho>().UnaryAsync(text, cancellationToken: Token));
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task CutAfterMessages_LetsThePluginsFirstTwoPass_AndIsALostConnection(PluginWay way)
    {
        _wire.Calls.ToHost.CutAfterMessages(2);
        await using var harness = await StartAsync(way);
        harness.Logs.AllowErrors();
        using var call = harness.CreateClient<Echo.EchoClient>().Repeat(new Text { Value = "r" }, cancellationToken: Token);

        Assert.True(await call.ResponseStream.MoveNext(Token).Within());
        Assert.True(await call.ResponseStream.MoveNext(Token).Within());
        AssertLost(await Assert.ThrowsAsync<PluginCallException>(() => call.ResponseStream.MoveNext(Token).Within()));

        Assert.Equal(2, _wire.Calls.ToHost.MessagesPassed);
        Assert.Equal(PluginExitReason.Disconnected, (await harness.Plugin.Completion.Within()).Reason);
    }

    [Fact]
    public async Task CutAfterMessages_LetsTheHostsFirstPass_AndThePluginHearsNoOther()
    {
        _wire.Calls.ToPlugin.CutAfterMessages(1);
        await using var harness = await StartAsync(PluginWay.Memory);
        harness.Logs.AllowErrors();
        using var call = harness.CreateClient<Echo.EchoClient>().Both(cancellationToken: Token);

        await call.RequestStream.WriteAsync(new Text { Value = "first" }, Token).Within();

        AssertLost(await Assert.ThrowsAsync<PluginCallException>(async () =>
        {
            while (await call.ResponseStream.MoveNext(Token).Within())
            {
            }
        }));
        Assert.Equal(1, _wire.Calls.ToPlugin.MessagesPassed);
    }

    [Fact]
    public async Task CutAfterBytes_DuringTheStart_IsAFailedConnect()
    {
        _wire.Control.ToHost.CutAfterBytes(5);

        var failure = await Assert.ThrowsAsync<PluginStartException>(() => StartAsync(PluginWay.Memory));

        Assert.Equal((PluginStartStage.Connect, PluginStartReason.ConnectFailed), (failure.Stage, failure.Reason));
        Assert.Equal(5, _wire.Control.ToHost.BytesPassed);
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Cut_OfAnIdleConnection_IsALostConnection(PluginWay way)
    {
        await using var harness = await StartAsync(way);
        harness.Logs.AllowErrors();
        using var call = harness.CreateClient<Echo.EchoClient>().Both(cancellationToken: Token);
        await ExchangeAsync(call);

        _wire.Calls.Cut();

        AssertLost(await Assert.ThrowsAsync<PluginCallException>(() => call.ResponseStream.MoveNext(Token).Within()));
        Assert.Equal(PluginExitReason.Disconnected, (await harness.Plugin.Completion.Within()).Reason);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CorruptFrame_InEitherDirection_EndsTheConnectionForAFrameTooLong(bool toPlugin)
    {
        await using var harness = await StartAsync(PluginWay.Memory);
        harness.Logs.AllowErrors();
        var echo = harness.CreateClient<Echo.EchoClient>();
        await echo.UnaryAsync(new Text(), cancellationToken: Token).ResponseAsync.Within();

        (toPlugin ? _wire.Calls.ToPlugin : _wire.Calls.ToHost).CorruptFrame();

        AssertLost(await Assert.ThrowsAsync<PluginCallException>(() => echo.UnaryAsync(new Text(), cancellationToken: Token).ResponseAsync.Within()));
        var violation = await harness.Logs.WaitForAsync(record => record.Message.Contains("broke the HTTP/2 protocol (FrameSizeError)", StringComparison.Ordinal), Token);
        Assert.Equal(toPlugin, violation.Category.StartsWith(nameof(EchoOfAllKindsPlugin), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, PluginCallReason.Status)]
    [InlineData(false, PluginCallReason.Rejected)]
    public async Task CorruptMessage_InEitherDirection_EndsThatCallAsInternalAndNoOther(bool toPlugin, PluginCallReason reason)
    {
        await using var harness = await StartAsync(PluginWay.Memory);
        var echo = harness.CreateClient<Echo.EchoClient>();

        (toPlugin ? _wire.Calls.ToPlugin : _wire.Calls.ToHost).CorruptMessage(2);

        await echo.UnaryAsync(new Text { Value = "first" }, cancellationToken: Token).ResponseAsync.Within();
        var failure = await Assert.ThrowsAsync<PluginCallException>(() => echo.UnaryAsync(new Text { Value = "second" }, cancellationToken: Token).ResponseAsync.Within());
        Assert.True((StatusCode.Internal, reason) == (failure.StatusCode, failure.Reason), $"{failure.StatusCode}, {failure.Reason}: {failure.Message}");
        Assert.Contains("it was 255", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Equal("third", (await echo.UnaryAsync(new Text { Value = "third" }, cancellationToken: Token).ResponseAsync.Within()).Value);
    }

    [Fact]
    public async Task InjectedReset_OfACall_EndsThatCallAndNoOther()
    {
        await using var harness = await StartAsync(PluginWay.Memory);
        var echo = harness.CreateClient<Echo.EchoClient>();
        using var call = echo.Both(cancellationToken: Token);
        await ExchangeAsync(call);

        await _wire.Calls.ToHost.InjectFrameAsync(WireFrame.ResetStream(1), Token).Within();

        var failure = await Assert.ThrowsAsync<PluginCallException>(() => call.ResponseStream.MoveNext(Token).Within());
        Assert.Equal((StatusCode.Cancelled, PluginCallReason.Status), (failure.StatusCode, failure.Reason));
        await echo.UnaryAsync(new Text(), cancellationToken: Token).ResponseAsync.Within();
    }

    [Fact]
    public async Task InjectedPing_IsAnswered()
    {
        await using var harness = await StartAsync(PluginWay.Memory);
        var frames = _wire.Calls.ToHost.FramesPassed;

        await _wire.Calls.ToPlugin.InjectFrameAsync(WireFrame.Ping(), Token).Within();
        await harness.GetContract<IEcho>().UnaryAsync(new Text(), cancellationToken: Token);

        // The answer to the ping, and header list, message and trailers of the call.
        Assert.True(_wire.Calls.ToHost.FramesPassed >= frames + 4, $"{frames} frames, and then {_wire.Calls.ToHost.FramesPassed}");
    }

    [Fact]
    public async Task InjectedGoAway_LetsTheOpenCallGoOn_AndHasNoOtherSent()
    {
        await using var harness = await StartAsync(PluginWay.Memory);
        harness.Logs.AllowErrors();
        var echo = harness.CreateClient<Echo.EchoClient>();
        using var call = echo.Both(cancellationToken: Token);
        await ExchangeAsync(call);

        await _wire.Calls.ToHost.InjectFrameAsync(WireFrame.GoAway(lastStreamId: 1), Token).Within();
        await ExchangeAsync(call);

        var refused = await Assert.ThrowsAsync<PluginCallException>(() => echo.UnaryAsync(new Text(), cancellationToken: Token).ResponseAsync.Within());
        Assert.Equal((StatusCode.Unavailable, CallExecution.NotSent), (refused.StatusCode, refused.Execution));
    }

    [Fact]
    public async Task Injection_WithoutAConnection_IsGivenUpByTheCaller()
    {
        using var patience = new CancellationTokenSource();

        var injection = _wire.Calls.ToHost.InjectFrameAsync(WireFrame.Ping(), patience.Token);
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => injection.Within());
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task BlackHole_HoldsACallUp_WhichGoesOnOnceItIsHealed(PluginWay way)
    {
        await using var harness = await StartAsync(way);
        var passed = _wire.Calls.ToPlugin.MessagesPassed;
        _wire.Calls.BlackHole();

        var call = harness.CreateClient<Echo.EchoClient>().UnaryAsync(new Text { Value = "late" }, cancellationToken: Token).ResponseAsync;

        // The control connection is none: what the plugin answers there comes after what it would have answered here.
        Assert.True(await harness.Plugin.CheckHealthAsync(Token).Within());
        Assert.Equal((false, passed), (call.IsCompleted, _wire.Calls.ToPlugin.MessagesPassed));
        _wire.Calls.Heal();
        Assert.Equal("late", (await call.Within()).Value);
    }

    [Fact]
    public async Task BlackHole_BeforeTheStart_IsAnEndOfPatienceWithTheConnection()
    {
        _wire.BlackHole();

        var failure = await Assert.ThrowsAsync<PluginStartException>(() => StartAsync(PluginWay.UnixSocket, options => options.Host.ConnectTimeout = TimeSpan.FromMilliseconds(300)));

        Assert.Equal((PluginStartStage.Connect, PluginStartReason.TimedOut), (failure.Stage, failure.Reason));
    }

    [Fact]
    public async Task BlackHole_ThatNobodyHeals_HoldsNoStopUpForLongerThanItsBudgets()
    {
        var harness = await StartAsync(PluginWay.Memory, options =>
        {
            options.Host.DrainTimeout = TimeSpan.FromMilliseconds(300);
            options.Host.TerminateTimeout = TimeSpan.FromSeconds(30);
        });
        _wire.BlackHole();

        var left = await Assert.ThrowsAsync<ExpectationException>(() => harness.DisposeAsync().AsTask().Within());

        Assert.Contains("took the terminate signal", left.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("run has not ended", left.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("handlers still run", left.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Callbacks_OverASlicedConnection_AreRight()
    {
        _wire.SliceIntoBytes();
        await using var harness = await StartAsync(PluginWay.Memory, options => options.Host.AddHostContract<IEcho>(new EchoOfAllKinds()));

        var host = ((IHostContracts)harness.Services.GetService(typeof(IHostContracts))!).GetHostContract<IEcho>();

        Assert.Equal("back", (await host.UnaryAsync(new Text { Value = "back" }, cancellationToken: Token)).Value);
        Assert.Equal((1, 1), (_wire.Callbacks.ToPlugin.MessagesPassed, _wire.Callbacks.ToHost.MessagesPassed));
        Assert.Equal(0, _wire.Calls.ToPlugin.MessagesPassed);
    }

    private static async Task ExchangeAsync(AsyncDuplexStreamingCall<Text, Text> call)
    {
        await call.RequestStream.WriteAsync(new Text { Value = "there" }, Token).Within();
        Assert.True(await call.ResponseStream.MoveNext(Token).Within());
    }

    private static void AssertLost(PluginCallException failure) => Assert.True(
        (StatusCode.Unavailable, PluginCallReason.ConnectionLost) == (failure.StatusCode, failure.Reason), $"{failure.StatusCode}, {failure.Reason}: {failure.Message}");

    private static async IAsyncEnumerable<Text> Texts(params string[] values)
    {
        foreach (var value in values)
        {
            await Task.CompletedTask;
            yield return new Text { Value = value };
        }
    }

    private static async Task<IReadOnlyList<string>> ListAsync(IAsyncEnumerable<Text> texts)
    {
        var values = new List<string>();
        await foreach (var text in texts)
            values.Add(text.Value);
        return values;
    }

    private Task<PluginHarness> StartAsync(PluginWay way, Action<PluginHarnessOptions>? configure = null) => PluginHarness.StartAsync<EchoOfAllKindsPlugin>(
        way,
        options =>
        {
            options.WriteToTestOutput();
            options.Wire = _wire;
            configure?.Invoke(options);
        },
        Token).Within();
}
