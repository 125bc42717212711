using Plugwire.Hosting;
using Plugwire.Testing.Tests.Faults.Processes;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.Testing.Tests.Faults.Wire;

/// <summary>The faults stand in the connections of a plugin in a process of its own as in others.</summary>
public sealed class WireFaultsOfAProcessTests
{
    private readonly WireFaults _wire = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SlicesAndABlackHole_LeaveCallsRight()
    {
        _wire.SliceIntoBytes();
        await using var harness = await FaultyProgram.StartAsync(configure: options => options.Wire = _wire);
        _wire.Calls.BlackHole();

        var call = harness.CreateClient<Kinds.KindsClient>().UnaryAsync(new Note { Text = "late" }, cancellationToken: Token).ResponseAsync;
        Assert.True(await harness.Plugin.CheckHealthAsync(Token).Within());
        Assert.False(call.IsCompleted);

        _wire.Calls.Heal();
        Assert.Equal("late", (await call.Within()).Text);
    }

    [Fact]
    public async Task CutAfterMessages_IsALostConnection_ThoughTheProcessLives()
    {
        _wire.Calls.ToHost.CutAfterMessages(2);
        await using var harness = await FaultyProgram.StartAsync(configure: options => options.Wire = _wire);
        harness.Logs.AllowErrors();
        using var call = harness.CreateClient<Kinds.KindsClient>().ServerStream(new Note { Number = 100, Text = "many" }, cancellationToken: Token);

        Assert.True(await call.ResponseStream.MoveNext(Token).Within());
        Assert.True(await call.ResponseStream.MoveNext(Token).Within());
        var failure = await Assert.ThrowsAsync<PluginCallException>(() => call.ResponseStream.MoveNext(Token).Within());

        Assert.Equal(PluginCallReason.ConnectionLost, failure.Reason);
        var exit = await harness.Plugin.Completion.Within();
        Assert.Equal((PluginExitReason.Disconnected, 0), (exit.Reason, exit.ExitCode));
    }
}
