using Microsoft.Extensions.Logging;

namespace Plugwire.Hosting.Output;

/// <summary>
/// The host's own log of one plugin, whose sinks may throw and may block. They are the application's, and whoever logs here is in the middle of starting a plugin, ending it or reading its
/// connection: an entry waits in a queue until the sinks have taken those before it, on a thread of the pool, and is dropped and counted when too many wait.
/// </summary>
internal sealed partial class QueuedLogger(ILoggerFactory loggerFactory, string category, TimeProvider timeProvider) : ILogger, IThreadPoolWorkItem
{
    public const int MostEntries = 1024;

    private static readonly TimeSpan FlushBudget = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<Entry> _entries = new();
    private volatile ILogger? _inner;

    // There is one as long as entries are being handed on.
    private TaskCompletionSource? _handedOn;
    private long _dropped;

    // Entries are written in the caller's execution context, so that his scopes are there; none is opened in here.
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return _inner?.IsEnabled(logLevel) ?? true;
        }
        catch (Exception)
        {
            // As below: then there is nobody to write for.
            return false;
        }
    }

    /// <summary>Never blocks and never throws.</summary>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var entry = new Entry(ExecutionContext.Capture(), logger => logger.Log(logLevel, eventId, state, exception, formatter));
        lock (_gate)
        {
            if (_entries.Count == MostEntries)
            {
                _dropped++;
                return;
            }

            _entries.Enqueue(entry);
            if (_handedOn is not null)
                return;

            _handedOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Ends when the sinks have taken what was logged, or after a second: a sink that blocks is left behind.</summary>
    public async Task FlushAsync()
    {
        Task? handedOn;
        lock (_gate)
            handedOn = _handedOn?.Task;
        if (handedOn is not null)
            await handedOn.WaitAsync(FlushBudget, timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (true)
        {
            Entry? entry;
            TaskCompletionSource? end = null;
            long dropped;
            lock (_gate)
            {
                if (_entries.TryDequeue(out entry))
                    dropped = 0;
                else if ((dropped = _dropped) > 0)
                    _dropped = 0;
                else
                    (end, _handedOn) = (_handedOn, null);
            }

            if (end is not null)
            {
                end.SetResult();
                return;
            }

            Write(entry ?? new Entry(null, logger => Notices.EntriesDropped(logger, dropped)));
        }
    }

    private void Write(Entry entry)
    {
        try
        {
            // Also the application's, and asked for here alone.
            _inner ??= loggerFactory.CreateLogger(category);
            if (entry.Context is null)
                entry.Write(_inner);
            else
                ExecutionContext.Run(entry.Context, static state => ((Action)state!)(), () => entry.Write(_inner));
        }
        catch (Exception)
        {
            // Of all failures that of the log cannot be logged.
        }
    }

    private sealed record Entry(ExecutionContext? Context, Action<ILogger> Write);

    private static partial class Notices
    {
        [LoggerMessage(2, LogLevel.Warning, "{Dropped} log entries of the host were dropped: they came faster than the log takes them.")]
        public static partial void EntriesDropped(ILogger logger, long dropped);
    }
}
