using Microsoft.Extensions.Logging;

namespace Plugwire.Testing.Logs;

/// <summary>A logger whose entries are recorded, and passed on.</summary>
internal sealed class RecordingLogger(RecordedLogs logs, string category, ILogger? next) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => next?.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        if (!IsEnabled(logLevel))
            return;

        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in state as IEnumerable<KeyValuePair<string, object?>> ?? [])
            values.TryAdd(name, value);
        logs.Add(new LogRecord(logLevel, category, eventId, formatter(state, exception), values, exception?.ToString()));
        if (next?.IsEnabled(logLevel) == true)
            next.Log(logLevel, eventId, state, exception, formatter);
    }
}
