using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Plugwire.Hosting.Output;
using static Plugwire.Hosting.Tests.Launching.Shell;

namespace Plugwire.Hosting.Tests.Output;

public sealed class QueuedLoggerTests
{
    [Fact]
    public async Task Log_Entries_ArriveInTheirOrderWithAllThatTheyHave()
    {
        var sink = new FakeLoggerProvider();
        using var factory = Factory(sink);
        var logger = new QueuedLogger(factory, "host", TimeProvider.System);
        var failure = new InvalidOperationException("x");

        for (var i = 0; i < 100; i++)
            logger.Log(LogLevel.Warning, new EventId(i, "n"), i, failure, static (state, _) => $"entry {state}");
        await logger.FlushAsync().WaitAsync(Limit, TestContext.Current.CancellationToken);

        var records = sink.Collector.GetSnapshot();
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"entry {i}"), records.Select(record => record.Message));
        Assert.All(records, record => Assert.Equal(("host", LogLevel.Warning, failure), (record.Category, record.Level, record.Exception)));
        Assert.Equal(7, records[7].Id.Id);
    }

    [Fact]
    public async Task Log_InAScopeOfTheCallers_ArrivesInThatScope()
    {
        var sink = new FakeLoggerProvider();
        using var factory = Factory(sink);
        var logger = new QueuedLogger(factory, "host", TimeProvider.System);

        using (factory.CreateLogger("application").BeginScope("request 7"))
            Say(logger, "in it");
        Say(logger, "out of it");
        await logger.FlushAsync().WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal(["request 7"], sink.Collector.GetSnapshot()[0].Scopes);
        Assert.Empty(sink.Collector.GetSnapshot()[1].Scopes);
    }

    [Fact]
    public async Task Log_SinkIsStuck_NeverWaitsAndTellsOnceWhatWasDropped()
    {
        using var sink = new GatedSink();
        using var factory = Factory(sink);
        var logger = new QueuedLogger(factory, "host", TimeProvider.System);
        Say(logger, "first");
        await sink.Entered.WaitAsync(Limit, TestContext.Current.CancellationToken);

        for (var i = 0; i < QueuedLogger.MostEntries + 7; i++)
            Say(logger, "more");
        sink.Open();
        await logger.FlushAsync().WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal(1 + QueuedLogger.MostEntries + 1, sink.Messages.Count);
        Assert.Equal("7 log entries of the host were dropped: they came faster than the log takes them.", sink.Messages[^1]);
    }

    [Fact]
    public async Task FlushAsync_SinkIsStuck_LeavesItBehind()
    {
        var clock = new FakeTimeProvider();
        using var sink = new GatedSink();
        using var factory = Factory(sink);
        var logger = new QueuedLogger(factory, "host", clock);
        Say(logger, "first");
        await sink.Entered.WaitAsync(Limit, TestContext.Current.CancellationToken);
        var flush = logger.FlushAsync();
        Assert.False(flush.IsCompleted);

        clock.Advance(TimeSpan.FromSeconds(1));

        await flush.WaitAsync(Limit, TestContext.Current.CancellationToken);
        sink.Open();
        await logger.FlushAsync().WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Log_SinkThrows_LosesThatEntryAlone()
    {
        using var sink = new GatedSink { Throws = message => message == "bad" };
        sink.Open();
        using var factory = Factory(sink);
        var logger = new QueuedLogger(factory, "host", TimeProvider.System);

        Say(logger, "bad");
        Say(logger, "good");
        await logger.FlushAsync().WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal(["good"], sink.Messages);
    }

    private static void Say(QueuedLogger logger, string message) => logger.Log(LogLevel.Information, default, message, null, static (state, _) => state);

    private static LoggerFactory Factory(ILoggerProvider provider) => new([provider], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
}
