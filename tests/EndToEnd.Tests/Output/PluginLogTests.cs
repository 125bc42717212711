using Microsoft.Extensions.Logging;
using Plugwire.EndToEnd.Tests.Processes;
using Plugwire.TestPlugins.ConsolePlugin.Contract;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.EndToEnd.Tests.Output;

/// <summary>What a plugin logs, as the host's log has it.</summary>
public sealed class PluginLogTests : PluginTest
{
    private const string Category = "subject.Plugwire.TestPlugins.Faulty.FaultsService";

    [Theory]
    [InlineData(LogLevel.Trace)]
    [InlineData(LogLevel.Debug)]
    [InlineData(LogLevel.Information)]
    [InlineData(LogLevel.Warning)]
    [InlineData(LogLevel.Error)]
    [InlineData(LogLevel.Critical)]
    public async Task Entry_OfThePlugin_ArrivesWithAllThatItHas(LogLevel level)
    {
        var options = Faulty();
        options.MinimumLogLevel = LogLevel.Trace;
        await using var plugin = await StartAsync(options);
        await plugin.CreateClient<Faults.FaultsClient>().LogAsync(new LogRequest
        {
            Level = level.ToString(),
            Text = "a \"b\"\n{ä}",
            Number = 42,
            Exception = "what happened",
            Scope = "of this call",
        }).ResponseAsync.Within();

        var entry = await Log.EntryAsync(entry => entry.Category == Category);

        Assert.Equal((level, new EventId(77, "Noted"), "Noted a \"b\"\n{ä}, number 42."), (entry.Level, entry.EventId, entry.Message));
        Assert.Equal("Noted", entry.EventId.Name);
        Assert.Equal("a \"b\"\n{ä}", entry.Values["Text"]);
        Assert.Equal(42L, Convert.ToInt64(entry.Values["Number"], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("of this call", entry.Values["Scope"]);
        Assert.Equal("Noted {Text}, number {Number}.", entry.Values["{OriginalFormat}"]);
        Assert.NotNull(entry.Exception);
        Assert.Contains("System.InvalidOperationException: what happened", entry.Exception, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MinimumLevel_ChangedWhileThePluginRuns_IsHeededFromThenOn()
    {
        await using var plugin = await StartAsync(Faulty());
        var faults = plugin.CreateClient<Faults.FaultsClient>();

        await LogAsync(LogLevel.Debug, 1);
        await LogAsync(LogLevel.Information, 2);
        await plugin.SetMinimumLogLevelAsync(LogLevel.Debug, TestContext.Current.CancellationToken).Within();
        await LogAsync(LogLevel.Debug, 3);
        await plugin.SetMinimumLogLevelAsync(LogLevel.Error, TestContext.Current.CancellationToken).Within();
        await LogAsync(LogLevel.Warning, 4);
        await LogAsync(LogLevel.Error, 5);

        await Log.EntryAsync("Noted entry, number 5.");
        Assert.Equal(
            ["Noted entry, number 2.", "Noted entry, number 3.", "Noted entry, number 5."],
            Log.Records.Where(entry => entry.Category == Category).Select(entry => entry.Message));

        Task LogAsync(LogLevel level, int number) =>
            faults.LogAsync(new LogRequest { Level = level.ToString(), Text = "entry", Number = number }).ResponseAsync.Within();
    }

    [Theory]
    [InlineData("a plain line", LogLevel.Information, "a plain line")]
    [InlineData("[WARN] be careful", LogLevel.Warning, "be careful")]
    [InlineData("{ \"no\": \"log line\" }", LogLevel.Information, "{ \"no\": \"log line\" }")]
    [InlineData("{\"@message\":1,\"@level\":{},\"@timestamp\":[]}", LogLevel.Information, "{\"@message\":1,\"@level\":{},\"@timestamp\":[]}")]
    public async Task Line_OnStandardError_IsAnEntryOfThePlugin(string line, LogLevel level, string message)
    {
        await using var plugin = await StartAsync(Options(TestPrograms.Console));
        await plugin.CreateClient<ConsoleWriter.ConsoleWriterClient>().WriteAsync(new WriteRequest { Way = Way.Error, Text = line }).ResponseAsync.Within();

        var entry = await Log.EntryAsync(message);

        Assert.Equal(("subject", level), (entry.Category, entry.Level));
    }

    [Fact]
    public async Task LastEntry_BeforeASigkill_Arrives()
    {
        await using var plugin = await StartAsync(Faulty());
        var faults = plugin.CreateClient<Faults.FaultsClient>();
        await faults.LogAsync(new LogRequest { Level = "Error", Text = "the last", Number = 1 }).ResponseAsync.Within();

        Signals.Send(plugin.ProcessId, Signals.Kill);
        var exit = await plugin.Completion.Within();

        Assert.Contains(Log.Records, entry => entry.Message == "Noted the last, number 1.");
        Assert.Contains("the last", exit.StandardErrorTail, StringComparison.Ordinal);
    }
}
