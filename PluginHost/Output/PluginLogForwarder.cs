using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Plugwire.Hosting.Failures;

namespace Plugwire.Hosting.Output;

/// <summary>
/// Hands a plugin's log entries to the host's log, on a task of its own: whoever posts never waits for a sink, and what a slow sink has no time for is dropped,
/// counted and told.
/// </summary>
internal sealed partial class PluginLogForwarder : IAsyncDisposable
{
    public const int MostEntries = 1024;
    public const long MostBytes = 2 * 1024 * 1024;

    private const int MostCategories = 256;
    private const int LongestCategory = 256;
    private static readonly TimeSpan DropReportInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DisposeBudget = TimeSpan.FromSeconds(1);

    private readonly string _pluginName;
    private readonly ILoggerFactory _loggerFactory;
    private readonly TimeProvider _timeProvider;
    private readonly Dictionary<string, ILogger> _loggers = new(StringComparer.Ordinal);
    private readonly Task _consumer;
    private readonly Channel<(PluginLogEntry Entry, int Size)> _entries = Channel.CreateBounded<(PluginLogEntry, int)>(
        new BoundedChannelOptions(MostEntries) { SingleReader = true });

    private long _queuedBytes;
    private long _dropped;
    private long _droppedAndTold;
    private long _sinkFailures;
    private long _lastTold;

    public PluginLogForwarder(string pluginName, ILoggerFactory loggerFactory, TimeProvider timeProvider)
    {
        _pluginName = pluginName;
        _loggerFactory = loggerFactory;
        _timeProvider = timeProvider;
        _lastTold = timeProvider.GetTimestamp();
        _consumer = ConsumeAsync();
    }

    /// <summary>How many entries found no room.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>How often a sink threw.</summary>
    public long SinkFailures => Interlocked.Read(ref _sinkFailures);

    /// <summary>Never blocks and never throws.</summary>
    public void Post(PluginLogEntry entry)
    {
        var size = entry.EstimateSize();
        if (Interlocked.Add(ref _queuedBytes, size) <= MostBytes && _entries.Writer.TryWrite((entry, size)))
            return;

        Interlocked.Add(ref _queuedBytes, -size);
        Interlocked.Increment(ref _dropped);
    }

    /// <summary>Hands on what is queued, for a second at most: a sink that hangs is left behind.</summary>
    public async ValueTask DisposeAsync()
    {
        _entries.Writer.TryComplete();
        try
        {
            await _consumer.WaitAsync(DisposeBudget, _timeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // There is no log to say it to: it is the log that hangs.
        }
    }

    private async Task ConsumeAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (await _entries.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (_entries.Reader.TryRead(out var queued))
            {
                Interlocked.Add(ref _queuedBytes, -queued.Size);
                Forward(queued.Entry);

                // In a flood that never lets the queue empty.
                if (_timeProvider.GetElapsedTime(_lastTold) >= DropReportInterval)
                    TellDrops();
            }

            TellDrops();
        }

        TellDrops();
    }

    private void Forward(PluginLogEntry entry)
    {
        try
        {
            var logger = LoggerOf(entry.Module);
            if (!logger.IsEnabled(entry.Level))
                return;

            logger.Log(
                entry.Level,
                entry.EventId,
                new PluginLogState(entry),
                entry.Exception is null ? null : new LoggedException(entry.Exception),
                static (state, _) => state.ToString());
        }
        catch (Exception)
        {
            // Of all places a failure of the log cannot be logged.
            Interlocked.Increment(ref _sinkFailures);
        }
    }

    private void TellDrops()
    {
        _lastTold = _timeProvider.GetTimestamp();
        var dropped = Dropped;
        var untold = dropped - _droppedAndTold;
        if (untold == 0)
            return;

        _droppedAndTold = dropped;
        try
        {
            Log.EntriesDropped(LoggerOf(null), untold, _pluginName);
        }
        catch (Exception)
        {
            Interlocked.Increment(ref _sinkFailures);
        }
    }

    // The names come from the plugin, so there may be any number of them.
    private ILogger LoggerOf(string? module)
    {
        // A sink writes a category as it stands: with a line break in it the plugin would forge a line of the host's log.
        var category = module is null ? _pluginName : $"{_pluginName}.{PrintableText.OfLine(module)}";
        if (category.Length > LongestCategory || (_loggers.Count >= MostCategories && !_loggers.ContainsKey(category)))
            category = _pluginName;
        if (!_loggers.TryGetValue(category, out var logger))
            _loggers[category] = logger = _loggerFactory.CreateLogger(category);
        return logger;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Dropped} log entries of plugin '{PluginName}' were dropped: they came faster than the log takes them.")]
        public static partial void EntriesDropped(ILogger logger, long dropped, string pluginName);
    }
}
