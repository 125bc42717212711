using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Plugwire.TestPlugins.Sample;
using Plugwire.TestPlugins.Sample.Contract;

namespace Plugwire.Testing.Tests.Logs;

/// <summary>What a plugin logs lands in its own harness's log.</summary>
public sealed class PluginLogsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, PluginWays]
    public async Task Entry_OfThePlugin_ArrivesWithLevelCategoryEventAndValues(PluginWay way)
    {
        await using var harness = await PluginHarness.StartAsync<SamplePlugin>(way, cancellationToken: Token).Within();

        await harness.GetContract<ISample>().LogAsync(new LogRequest { Level = nameof(LogLevel.Debug), Text = "grün", Number = 7 }, cancellationToken: Token);
        var record = await harness.Logs.WaitForAsync(record => record.EventId.Name == "Noted", Token).Within();

        Assert.Equal((LogLevel.Debug, 77, "Noted grün, number 7."), (record.Level, record.EventId.Id, record.Message));
        Assert.Equal("SamplePlugin.Plugwire.TestPlugins.Sample.SampleHandler", record.Category);
        Assert.True(record.HasValue("Text", "grün") && record.HasValue("Number", 7));
        Assert.True(record.HasValue("{OriginalFormat}", "Noted {Text}, number {Number}."));
    }

    [Theory]
    [InlineData(PluginWay.Memory, 20)]
    [InlineData(PluginWay.Process, 4)]
    public async Task Entries_OfManyPluginsAtOnce_LandEachInItsOwnLogCompletely(PluginWay way, int count)
    {
        const int Entries = 100;
        var logs = await Task.WhenAll(Enumerable.Range(0, count).Select(async index =>
        {
            await using var harness = await PluginHarness.StartAsync<SamplePlugin>(way, cancellationToken: Token);
            var sample = harness.GetContract<ISample>();
            for (var i = 0; i < Entries; i++)
                await sample.LogAsync(new LogRequest { Level = nameof(LogLevel.Information), Text = index.ToString(CultureInfo.InvariantCulture), Number = i }, cancellationToken: Token);
            return harness.Logs;
        })).WaitAsync(TimeSpan.FromMinutes(5), Token);

        // Complete, because the plugins have ended.
        foreach (var (index, log) in logs.Index())
        {
            var noted = log.Records.Where(record => record.EventId.Name == "Noted").ToArray();
            Assert.Equal(Entries, noted.Length);
            Assert.All(noted.Index(), entry => Assert.True(entry.Item.HasValue("Text", index) && entry.Item.HasValue("Number", entry.Index), entry.Item.ToString()));
        }
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Entry_AfterTheDisposal_NeverReachesTheOutput(PluginWay way)
    {
        var lines = new List<string>();
        ILogger late;
        await using (var harness = await PluginHarness.StartAsync<SamplePlugin>(way, options => options.Output = lines.Add, Token))
            late = harness.Services.GetRequiredService<ILoggerFactory>().CreateLogger("late");
        Assert.NotEmpty(lines);
        var before = lines.Count;

        late.Log(LogLevel.Error, default, "too late", null, static (state, _) => state);

        Assert.Equal(before, lines.Count);
    }

    [Fact]
    public async Task Output_GetsThePluginsAndTheHostsEntries()
    {
        var lines = new List<string>();
        await using (await PluginHarness.StartAsync<SamplePlugin>(configure: options => options.Output = lines.Add, cancellationToken: Token))
        {
        }

        Assert.Contains(lines, line => line.StartsWith("[Debug] SamplePlugin.Plugwire.Plugin (PluginStarted)", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("Plugwire.Hosting", StringComparison.Ordinal));
    }

    [Fact]
    public async Task LoggerFactory_OfTheTest_GetsTheEntriesToo()
    {
        using var own = new RecordedLogs();
        await using var harness = await PluginHarness.StartAsync<SamplePlugin>(configure: options => options.LoggerFactory = own, cancellationToken: Token);

        await own.WaitForAsync(record => record.EventId.Name == "PluginStarted", Token).Within();
    }
}
