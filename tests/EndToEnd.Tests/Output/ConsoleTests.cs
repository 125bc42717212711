using Microsoft.Extensions.Logging;
using Plugwire.EndToEnd.Tests.Processes;
using Plugwire.TestPlugins.ConsolePlugin.Contract;

namespace Plugwire.EndToEnd.Tests.Output;

/// <summary>What a plugin, its native code and its children print on standard output.</summary>
public sealed class ConsoleTests : PluginTest
{
    [Fact]
    public async Task Print_BeforeTheHandshake_LeavesItWholeAndArrivesOnce()
    {
        await using var plugin = await StartAsync(Options(TestPrograms.Console, "--before=early"));

        foreach (var line in new[] { "early console", "early native", "early child" })
            Assert.Equal(("subject.stdout", LogLevel.Information), await PlaceOfAsync(line));
        await plugin.StopAsync(TestContext.Current.CancellationToken).Within();
        Assert.Equal(3, Log.Records.Count(entry => entry.Category == "subject.stdout"));
    }

    [Fact]
    public async Task Print_AfterTheHandshake_ArrivesOnceInItsOrder()
    {
        await using var plugin = await StartAsync(Options(TestPrograms.Console));
        var writer = plugin.CreateClient<ConsoleWriter.ConsoleWriterClient>();

        foreach (var way in new[] { Way.Console, Way.Native, Way.Child, Way.Native, Way.Console })
            await writer.WriteAsync(new WriteRequest { Way = way, Text = $"late {way}" }).ResponseAsync.Within();
        await plugin.StopAsync(TestContext.Current.CancellationToken).Within();

        Assert.Equal(
            ["late Console", "late Native", "late Child", "late Native", "late Console"],
            Log.Records.Where(entry => entry.Category == "subject.stdout").Select(entry => entry.Message));
    }

    private async Task<(string Category, LogLevel Level)> PlaceOfAsync(string message)
    {
        var entry = await Log.EntryAsync(message);
        return (entry.Category, entry.Level);
    }
}
