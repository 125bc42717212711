using Plugwire.Hosting;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.EndToEnd.Tests.Load;

[Collection(AloneCollection.Name)]
public sealed class ManyCallsTests : PluginTest
{
    // So many calls a plugin takes on one connection.
    private const int Most = 1000;

    [Fact]
    [Trait("Fault", "F25")]
    public async Task Calls_BeyondThePluginsLimit_WaitTheirTurnAndDoNotMuteTheControlConnection()
    {
        await using var plugin = await StartAsync(Faulty());
        var kinds = plugin.CreateClient<Kinds.KindsClient>();
        using var cancellation = new CancellationTokenSource();
        var held = Enumerable.Range(0, Most).Select(_ => kinds.UnaryAsync(new Note { Hold = Hold.UntilCancelled }, cancellationToken: cancellation.Token)).ToList();
        await Task.WhenAll(held.Select(call => call.ResponseHeadersAsync)).Within();
        var waiting = kinds.UnaryAsync(new Note { Text = "last" }).ResponseAsync;

        Assert.True(await plugin.CheckHealthAsync(TestContext.Current.CancellationToken).Within());
        Assert.False(waiting.IsCompleted);

        held[0].Dispose();
        Assert.Equal("last", (await waiting.Within()).Text);

        await cancellation.CancelAsync();
        foreach (var call in held.Skip(1))
        {
            Assert.Equal(PluginCallReason.Cancelled, (await Assert.ThrowsAsync<PluginCallException>(() => call.ResponseAsync.Within())).Reason);
            call.Dispose();
        }

        Assert.Equal((PluginStopStep.Shutdown, 0), ((await plugin.StopAsync(TestContext.Current.CancellationToken).Within()).StopStep, (await plugin.Completion).ExitCode));
    }
}
