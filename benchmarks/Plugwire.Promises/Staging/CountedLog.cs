using Microsoft.Extensions.Logging;

namespace Plugwire.Promises.Staging;

/// <summary>Counts what is logged, keeps the first of it, and may go wrong as sinks do.</summary>
internal sealed class CountedLog : ILoggerFactory, ILogger
{
    private const int MostKept = 1000;

    private readonly Lock _lock = new();
    private readonly List<string> _kept = [];
    private long _count;

    /// <summary>How many entries there were.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>The first of them.</summary>
    public IReadOnlyList<string> Kept
    {
        get
        {
            lock (_lock)
                return [.. _kept];
        }
    }

    /// <summary>What is done with each entry before it counts; null for nothing.</summary>
    public Action<string>? Sink { get; set; }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var text = formatter(state, exception);
        Sink?.Invoke(text);
        Interlocked.Increment(ref _count);
        lock (_lock)
        {
            if (_kept.Count < MostKept)
                _kept.Add(text);
        }
    }

    public void Dispose()
    {
    }
}
