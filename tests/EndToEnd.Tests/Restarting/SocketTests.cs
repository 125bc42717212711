using Plugwire.EndToEnd.Tests.Processes;
using Plugwire.Hosting;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.EndToEnd.Tests.Restarting;

public sealed class SocketTests : PluginTest
{
    [Fact]
    [Trait("Fault", "F27")]
    public async Task Socket_ThatSomebodyRemoves_IsMissedByNobodyAndTheNextLaunchHasItsOwn()
    {
        var options = Faulty();
        options.Restart.Policy = PluginRestartPolicy.OnCrash;
        options.Restart.FirstDelay = TimeSpan.FromMilliseconds(1);
        await using var plugin = await StartAsync(options);
        var kinds = plugin.CreateClient<Kinds.KindsClient>();
        using var stream = kinds.Duplex();

        File.Delete(Assert.Single(Directory.EnumerateFiles(Root.Path, "plugin*", SearchOption.AllDirectories)));

        Assert.Equal("well", (await kinds.UnaryAsync(new Note { Text = "well" }).ResponseAsync.Within()).Text);
        Assert.True(await plugin.CheckHealthAsync(TestContext.Current.CancellationToken).Within());
        await stream.RequestStream.WriteAsync(new Note { Number = 1 }, TestContext.Current.CancellationToken).Within();
        Assert.True(await stream.ResponseStream.MoveNext(TestContext.Current.CancellationToken).Within());

        Signals.Send(plugin.ProcessId, Signals.Kill);
        await foreach (var status in plugin.WatchStateAsync(TestContext.Current.CancellationToken))
        {
            if (status is { State: PluginState.Ready, Launch: 2 })
                break;
        }

        Assert.Equal("again", (await kinds.UnaryAsync(new Note { Text = "again" }).ResponseAsync.Within()).Text);
        Assert.Equal((PluginStopStep.Shutdown, 0), ((await plugin.StopAsync(TestContext.Current.CancellationToken).Within()).StopStep, (await plugin.Completion).ExitCode));
    }
}
