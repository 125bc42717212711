using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Plugwire.Hosting.Output;
using static Plugwire.Hosting.Tests.Launching.Shell;

namespace Plugwire.Hosting.Tests.Output;

public sealed class PluginLogForwarderTests
{
    [Fact]
    public async Task Post_Entry_ArrivesWithCategoryLevelEventValuesAndException()
    {
        var sink = new FakeLoggerProvider();
        var forwarder = new PluginLogForwarder("todo", Factory(sink), TimeProvider.System);

        forwarder.Post(new PluginLogEntry(LogLevel.Warning, "took 7 ms")
        {
            Module = "Scanner",
            EventId = new EventId(7, "Slow"),
            Exception = "System.Exception: x\n   at y",
            Timestamp = DateTimeOffset.UnixEpoch,
            OriginalFormat = "took {Elapsed} ms",
            Values = [new("Elapsed", 7L)],
        });
        await forwarder.DisposeAsync();

        var record = Assert.Single(sink.Collector.GetSnapshot());
        Assert.Equal("todo.Scanner", record.Category);
        Assert.Equal(LogLevel.Warning, record.Level);
        Assert.Equal(new EventId(7, "Slow"), record.Id);
        Assert.Equal("took 7 ms", record.Message);
        Assert.Equal("System.Exception: x", record.Exception!.Message);
        Assert.Equal("System.Exception: x\n   at y", record.Exception.ToString());
        Assert.Equal(["Elapsed", "timestamp", "{OriginalFormat}"], record.StructuredState!.Select(value => value.Key));
        Assert.Equal("took {Elapsed} ms", record.GetStructuredStateValue("{OriginalFormat}"));
    }

    [Fact]
    public async Task Post_MessageWithoutTemplate_IsTheValueOfOne()
    {
        var sink = new FakeLoggerProvider();
        var forwarder = new PluginLogForwarder("todo", Factory(sink), TimeProvider.System);

        forwarder.Post(new PluginLogEntry(LogLevel.Information, "braces {here}"));
        await forwarder.DisposeAsync();

        var record = Assert.Single(sink.Collector.GetSnapshot());
        Assert.Equal("todo", record.Category);
        Assert.Equal("braces {here}", record.Message);
        Assert.Equal("braces {here}", record.GetStructuredStateValue("Message"));
        Assert.Equal("{Message}", record.GetStructuredStateValue("{OriginalFormat}"));
    }

    [Fact]
    [Trait("Fault", "F15")]
    public async Task Post_SinkIsStuck_NeverWaitsAndTellsOnceWhatWasDropped()
    {
        const int Posted = 5000;
        using var sink = new GatedSink();
        var forwarder = new PluginLogForwarder("todo", Factory(sink), TimeProvider.System);
        forwarder.Post(new PluginLogEntry(LogLevel.Information, "first"));
        await sink.Entered.WaitAsync(Limit, TestContext.Current.CancellationToken);

        for (var i = 0; i < Posted; i++)
            forwarder.Post(new PluginLogEntry(LogLevel.Information, "more"));

        Assert.Equal(Posted - PluginLogForwarder.MostEntries, forwarder.Dropped);
        sink.Open();
        await forwarder.DisposeAsync();
        Assert.Equal(1 + PluginLogForwarder.MostEntries + 1, sink.Messages.Count);
        Assert.Equal($"{Posted - PluginLogForwarder.MostEntries} log entries of plugin 'todo' were dropped: they came faster than the log takes them.", sink.Messages[^1]);
    }

    [Fact]
    public async Task Post_FewHugeEntriesAndSinkIsStuck_KeepsNoMoreThanItsBytes()
    {
        using var sink = new GatedSink();
        var forwarder = new PluginLogForwarder("todo", Factory(sink), TimeProvider.System);
        forwarder.Post(new PluginLogEntry(LogLevel.Information, "first"));
        await sink.Entered.WaitAsync(Limit, TestContext.Current.CancellationToken);

        // Ten take all there is, with the little that an entry takes besides.
        var huge = new string('x', (int)(PluginLogForwarder.MostBytes / sizeof(char) / 10) - 256);
        for (var i = 0; i < 100; i++)
            forwarder.Post(new PluginLogEntry(LogLevel.Information, huge));

        Assert.Equal(90, forwarder.Dropped);
        sink.Open();
        await forwarder.DisposeAsync();
    }

    [Fact]
    public async Task DisposeAsync_SinkHangsForEver_ReturnsAllTheSame()
    {
        using var sink = new GatedSink();
        var forwarder = new PluginLogForwarder("todo", Factory(sink), TimeProvider.System);
        forwarder.Post(new PluginLogEntry(LogLevel.Information, "first"));
        await sink.Entered.WaitAsync(Limit, TestContext.Current.CancellationToken);

        await forwarder.DisposeAsync().AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken);

        sink.Open();
    }

    [Fact]
    public async Task Post_SinkThrows_IsCountedAndTheNextEntryArrives()
    {
        using var sink = new GatedSink { Throws = message => message == "bad" };
        sink.Open();
        var forwarder = new PluginLogForwarder("todo", Factory(sink), TimeProvider.System);

        forwarder.Post(new PluginLogEntry(LogLevel.Information, "bad"));
        forwarder.Post(new PluginLogEntry(LogLevel.Information, "good"));
        await forwarder.DisposeAsync();

        Assert.Equal(1, forwarder.SinkFailures);
        Assert.Equal(["good"], sink.Messages);
    }

    [Fact]
    public async Task Post_ThousandsOfModules_CategoriesStayFew()
    {
        var sink = new FakeLoggerProvider();
        var forwarder = new PluginLogForwarder("todo", Factory(sink), TimeProvider.System);

        for (var i = 0; i < 1000; i++)
            forwarder.Post(new PluginLogEntry(LogLevel.Information, "m") { Module = $"module{i}" });
        await forwarder.DisposeAsync();

        Assert.Equal(1000, sink.Collector.Count);
        Assert.InRange(sink.Collector.GetSnapshot().Select(record => record.Category).Distinct().Count(), 2, 257);
    }

    [Fact]
    public async Task Post_ModuleWithALineBreak_IsACategoryOfOneLine()
    {
        var sink = new FakeLoggerProvider();
        var forwarder = new PluginLogForwarder("todo", Factory(sink), TimeProvider.System);

        forwarder.Post(new PluginLogEntry(LogLevel.Information, "m") { Module = "a\ncrit: Host[0] all is lost" });
        await forwarder.DisposeAsync();

        Assert.Equal("todo.a\\ncrit: Host[0] all is lost", Assert.Single(sink.Collector.GetSnapshot()).Category);
    }

    private static LoggerFactory Factory(ILoggerProvider provider) => new([provider], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
}
