using Microsoft.Extensions.Logging;

namespace Plugwire.EndToEnd.Tests.Logs;

/// <summary>The host's log: keeps all that arrives, and lets a test wait for an entry.</summary>
public sealed class RecordedLog : ILoggerFactory
{
    private readonly Lock _gate = new();
    private readonly List<RecordedEntry> _entries = [];
    private readonly List<(Func<RecordedEntry, bool> Matches, TaskCompletionSource<RecordedEntry> Found)> _waiting = [];

    public IReadOnlyList<RecordedEntry> Entries
    {
        get
        {
            lock (_gate)
                return [.. _entries];
        }
    }

    /// <summary>The first entry that matches: one that is there, or the next to come.</summary>
    public Task<RecordedEntry> EntryAsync(Func<RecordedEntry, bool> matches)
    {
        var found = new TaskCompletionSource<RecordedEntry>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_entries.FirstOrDefault(matches) is { } entry)
                found.SetResult(entry);
            else
                _waiting.Add((matches, found));
        }

        return found.Task.Within();
    }

    public Task<RecordedEntry> EntryAsync(string message) => EntryAsync(entry => entry.Message == message);

    public ILogger CreateLogger(string categoryName) => new Recorder(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private void Add(RecordedEntry entry)
    {
        lock (_gate)
        {
            _entries.Add(entry);
            foreach (var waiting in _waiting.Where(waiting => waiting.Matches(entry)).ToArray())
            {
                waiting.Found.SetResult(entry);
                _waiting.Remove(waiting);
            }
        }
    }

    private sealed class Recorder(RecordedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var values = state as IEnumerable<KeyValuePair<string, object?>> ?? [];
            log.Add(new RecordedEntry(
                category,
                logLevel,
                eventId,
                formatter(state, exception),
                values.GroupBy(value => value.Key).ToDictionary(group => group.Key, group => group.First().Value),
                exception));
        }
    }
}
