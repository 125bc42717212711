using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Plugwire.EndToEnd.Tests.Processes;
using Plugwire.Hosting;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.EndToEnd.Tests.Load;

public sealed class DescriptorShortageTests : PluginTest
{
    /// <summary>The plugin serves on, or its runtime has ended it: .NET does so when it has to start a thread and has no descriptor for that. Of that the host tells as of any crash.</summary>
    [Fact]
    [Trait("Fault", "F30")]
    public async Task Descriptors_ThatThePluginHasUsedUp_LeaveItsConnectionsServedAndTheNextWaits()
    {
        var options = Shell($"ulimit -n 256; exec '{TestPrograms.Faulty}'");
        options.Environment["DOTNET_TieredCompilation"] = "0";
        await using var plugin = await StartAsync(options);

        var served = ServeWithoutDescriptorsAsync(plugin);
        await Task.WhenAny(served, plugin.Completion).Within();
        if (served.Exception?.InnerException is PluginCallException { Reason: PluginCallReason.PluginDied })
            await plugin.Completion.Within();
        if (plugin.Completion.IsCompleted)
        {
            var end = await plugin.Completion;
            Assert.Equal((PluginExitReason.Crashed, Signals.Abort), (end.Reason, end.Signal));
            Assert.EndsWith("Out of memory.\n", end.StandardErrorTail, StringComparison.Ordinal);
            await Assert.ThrowsAnyAsync<Exception>(() => served.Within());
            return;
        }

        await served;
        Assert.Equal((PluginStopStep.Shutdown, 0), ((await plugin.StopAsync(TestContext.Current.CancellationToken).Within()).StopStep, (await plugin.Completion).ExitCode));
    }

    private async Task ServeWithoutDescriptorsAsync(Plugin plugin)
    {
        var faults = plugin.CreateClient<Faults.FaultsClient>();
        var kinds = plugin.CreateClient<Kinds.KindsClient>();

        // Once before, so that all that it needs is loaded; without a descriptor nothing is, not even what writes its log.
        await faults.LogAsync(new LogRequest { Level = nameof(LogLevel.Warning), Text = "all is well", Number = 1 }).ResponseAsync.Within();
        await faults.TakeDescriptorsAsync(new DescriptorsRequest()).ResponseAsync.Within();
        await faults.TakeDescriptorsAsync(new DescriptorsRequest { Release = true }).ResponseAsync.Within();
        await TakeAllAsync(faults);

        // The system takes them for the plugin, which has no descriptor for them but for what its runtime lets go at this moment.
        var strangers = await ConnectAsync();
        var refused = Log.EntryAsync(entry => entry.Message.Contains("could not accept a connection", StringComparison.Ordinal));
        Assert.Same(refused, await Task.WhenAny(refused, plugin.Completion).Within());

        for (var i = 0; i < 100; i++)
            Assert.Equal(i, (await kinds.UnaryAsync(new Note { Number = i }).ResponseAsync.Within()).Number);
        Assert.True(await plugin.CheckHealthAsync(TestContext.Current.CancellationToken).Within());

        await faults.TakeDescriptorsAsync(new DescriptorsRequest { Release = true }).ResponseAsync.Within();
        foreach (var stranger in strangers)
        {
            Assert.InRange(await stranger.ReceiveAsync(new byte[64], TestContext.Current.CancellationToken).AsTask().Within(), 1, 64);
            stranger.Dispose();
        }
    }

    private static async Task TakeAllAsync(Faults.FaultsClient faults)
    {
        for (var (before, taken) = (-1, 0); taken != before;)
            (before, taken) = (taken, (await faults.TakeDescriptorsAsync(new DescriptorsRequest()).ResponseAsync.Within()).Taken);
    }

    private async Task<List<Socket>> ConnectAsync()
    {
        var socket = new UnixDomainSocketEndPoint(Directory.EnumerateFiles(Root.Path, "plugin*", SearchOption.AllDirectories).Single());
        var strangers = new List<Socket>();

        // With the host's own two no more than a plugin takes.
        while (strangers.Count < 6)
        {
            strangers.Add(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified));
            await strangers[^1].ConnectAsync(socket, TestContext.Current.CancellationToken).AsTask().Within();
        }

        return strangers;
    }
}
