using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Plugwire.Testing.Tests.Logs;

public sealed class RecordedLogsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Single_OfOneEntry_IsItWithAllItSays()
    {
        using var logs = new RecordedLogs();
        KeyValuePair<string, object?>[] values = [new("Disk", 7)];
        logs.CreateLogger("todo").Log(LogLevel.Warning, new EventId(3, "Full"), values, new InvalidOperationException("no room"), static (_, _) => "disk 7 is full");

        var record = logs.Single(record => record.Level == LogLevel.Warning);

        Assert.Equal(("todo", new EventId(3, "Full"), "disk 7 is full"), (record.Category, record.EventId, record.Message));
        Assert.True(record.HasValue("Disk", 7));
        Assert.Contains("no room", record.Exception, StringComparison.Ordinal);
        Assert.StartsWith("[Warning] todo (Full): disk 7 is full", record.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Single_OfNone_FailsWithTheLog()
    {
        using var logs = With("one", "two");

        var failure = Assert.Throws<ExpectationException>(() => logs.Single(record => record.Message == "three"));

        Assert.StartsWith("One log entry was expected, and there are 0: record => record.Message == \"three\". The log:", failure.Message, StringComparison.Ordinal);
        Assert.Contains("[Information] subject: two", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Single_OfSeveral_FailsWithTheirNumber()
    {
        using var logs = With("one", "one");

        Assert.StartsWith("One log entry was expected, and there are 2", Assert.Throws<ExpectationException>(() => logs.Single(record => record.Message == "one")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LogLevel.Warning, "subject", 7, "green")]
    [InlineData(LogLevel.Information, "other", 7, "green")]
    [InlineData(LogLevel.Information, "subject", 8, "green")]
    [InlineData(LogLevel.Information, "subject", 7, "red")]
    public void Single_OfAnotherLevelCategoryEventOrValue_Fails(LogLevel level, string category, int eventId, string color)
    {
        using var logs = new RecordedLogs();
        KeyValuePair<string, object?>[] values = [new("Color", "green")];
        logs.CreateLogger("subject").Log(LogLevel.Information, new EventId(7), values, null, static (_, _) => "");
        bool IsExpected(LogRecord record, LogLevel level, string category, int eventId, string color) =>
            record.Level == level && record.Category == category && record.EventId.Id == eventId && record.HasValue("Color", color);

        Assert.Throws<ExpectationException>(() => logs.Single(record => IsExpected(record, level, category, eventId, color)));
        logs.Single(record => IsExpected(record, LogLevel.Information, "subject", 7, "green"));
    }

    [Fact]
    public void None_OfAnEntryThatIsThere_Fails()
    {
        using var logs = With("one");

        logs.None(record => record.Message == "two");
        Assert.StartsWith("No log entry was expected", Assert.Throws<ExpectationException>(() => logs.None(record => record.Message == "one")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitFor_AnEntryThatIsThere_IsIt()
    {
        using var logs = With("one", "two", "two");

        Assert.Same(logs.Records[1], await logs.WaitForAsync(record => record.Message == "two", Token).Within());
    }

    [Fact]
    public async Task WaitFor_AnEntryToCome_LooksAtEachOnceInOrder()
    {
        using var logs = With("1");
        var seen = new List<string>();

        var wait = logs.WaitForAsync(
            record =>
            {
                seen.Add(record.Message);
                return record.Message == "3";
            }, Token);
        Assert.False(wait.IsCompleted);
        Add(logs, "2");
        Add(logs, "3");
        Add(logs, "4");

        Assert.Equal("3", (await wait.Within()).Message);
        Assert.Equal(["1", "2", "3"], seen);
    }

    [Fact]
    public async Task WaitFor_AnEntryThatNeverComes_FailsWithTheLog()
    {
        using var logs = With("one");

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => logs.WaitForAsync(record => record.Message == "two", TimeSpan.FromMilliseconds(1), "the second", Token).Within());

        Assert.StartsWith("A log entry was expected: the second. The log:", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("Waited 0.001 s.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitFor_WithAPredicateThatThrows_FailsTheWaitingTestAlone()
    {
        using var logs = new RecordedLogs();
        var wait = logs.WaitForAsync(_ => throw new InvalidTimeZoneException("the test's"), Token);

        Add(logs, "one");

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => wait.Within());
    }

    [Fact]
    public async Task WaitFor_WhenTheTestIsCancelled_IsCancelled()
    {
        using var logs = new RecordedLogs();
        using var cancelled = new CancellationTokenSource();
        var wait = logs.WaitForAsync(_ => true, cancelled.Token);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.Within());
    }

    [Fact]
    public void UnexpectedErrors_AreThoseThatNobodyAllows()
    {
        using var logs = new RecordedLogs();
        foreach (var level in Enum.GetValues<LogLevel>())
            Add(logs, "an entry", level);

        Assert.Equal([LogLevel.Error, LogLevel.Critical], logs.UnexpectedErrors.Select(record => record.Level));
        logs.AllowErrors(record => record.Level == LogLevel.Error);
        Assert.Equal([LogLevel.Critical], logs.UnexpectedErrors.Select(record => record.Level));
        logs.AllowErrors();
        Assert.Empty(logs.UnexpectedErrors);
    }

    [Fact]
    public void Output_GetsEachEntryAsALine_UntilTheDisposal()
    {
        var lines = new List<string>();
        var logs = new RecordedLogs(lines.Add);

        Add(logs, "one");
        logs.Dispose();
        Add(logs, "late");

        Assert.Equal(["[Information] subject: one"], lines);
        Assert.Equal("late", logs.Records[1].Message);
    }

    [Fact]
    public void Output_ThatThrows_IsLetGoOf()
    {
        var calls = 0;
        using var logs = new RecordedLogs(_ =>
        {
            calls++;
            throw new InvalidOperationException("no test runs");
        });

        Add(logs, "one");
        Add(logs, "two");

        Assert.Equal((1, 2), (calls, logs.Records.Count));
    }

    [Fact]
    public async Task Output_ThatIsJustBeingWritten_HoldsTheDisposalBackAndNobodyWhoReads()
    {
        using var entered = new ManualResetEventSlim();
        using var released = new ManualResetEventSlim();
        var logs = new RecordedLogs(_ =>
        {
            entered.Set();
            released.Wait();
        });

        var writing = Task.Run(() => Add(logs, "one"), Token);
        await Task.Run(() => entered.Wait(Token), Token).Within();
        Assert.Equal("one", logs.Single(_ => true).Message);
        var disposal = Task.Run(logs.Dispose, Token);
        Assert.False(disposal.IsCompleted);
        released.Set();

        await disposal.Within();
        await writing.Within();
    }

    [Fact]
    public async Task Entries_OfManyThreads_AreAllKept_AndShownInTheirOrder()
    {
        var lines = new List<string>();
        using var logs = new RecordedLogs(lines.Add);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 200; i++)
                Add(logs, string.Create(CultureInfo.InvariantCulture, $"{thread} {i}"));
        }))).Within();

        Assert.Equal(1600, logs.Records.Count);
        Assert.Equal(logs.Records.Select(record => record.ToString()), lines);
    }

    [Fact]
    public void Entries_BeyondTheCapacity_PushTheOldestOut_AndAFailureSaysSo()
    {
        using var logs = With([.. Enumerable.Range(0, RecordedLogs.Capacity + 5).Select(number => number.ToString(CultureInfo.InvariantCulture))]);

        Assert.Equal((RecordedLogs.Capacity, "5"), (logs.Records.Count, logs.Records[0].Message));
        var failure = Assert.Throws<ExpectationException>(() => logs.Single(record => record.Message == "0"));
        Assert.Contains($"... {RecordedLogs.Capacity + 5 - 50} entries before", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Next_GetsWhatItIsEnabledFor()
    {
        using var next = new RecordedLogs();
        using var filtered = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Warning).AddProvider(new Passing(next)));
        using var logs = new RecordedLogs(next: filtered);

        Add(logs, "quiet");
        Add(logs, "loud", LogLevel.Warning);

        Assert.Equal(2, logs.Records.Count);
        Assert.Equal("loud", next.Single(_ => true).Message);
    }

    [Fact]
    public void AddProvider_IsRefusedWithWhatToDo()
    {
        using var logs = new RecordedLogs();
        using var passing = new Passing(logs);

        Assert.Contains("constructor", Assert.Throws<NotSupportedException>(() => logs.AddProvider(passing)).Message, StringComparison.Ordinal);
    }

    private static RecordedLogs With(params string[] messages)
    {
        var logs = new RecordedLogs();
        foreach (var message in messages)
            Add(logs, message);
        return logs;
    }

    private static void Add(RecordedLogs logs, string message, LogLevel level = LogLevel.Information) =>
        logs.CreateLogger("subject").Log(level, default, message, null, static (state, _) => state);

    private sealed class Passing(RecordedLogs logs) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => logs.CreateLogger(categoryName);

        public void Dispose()
        {
        }
    }
}
