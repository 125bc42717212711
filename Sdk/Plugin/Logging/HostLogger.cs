using Microsoft.Extensions.Logging;

namespace Plugwire.Logging;

/// <summary>One category's logger. Writes before it returns, so that the last entry before a crash is out.</summary>
internal sealed class HostLogger(string category, HostLoggerProvider provider) : ILogger
{
    [ThreadStatic]
    private static LogLine? _line;

    public bool IsEnabled(LogLevel logLevel) => provider.Levels.IsEnabled(logLevel);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => provider.Scopes.Push(state);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;

        // Taken away while it is in use: formatting a value may log on the same thread.
        var line = _line ?? new LogLine();
        _line = null;
        line.Begin(logLevel, Format(state, exception, formatter), provider.Time.GetUtcNow(), category);
        line.WriteEvent(eventId);
        if (exception is not null)
            line.WriteException(exception);
        if (state is IEnumerable<KeyValuePair<string, object?>> values)
            line.WriteValues(values);
        provider.Scopes.ForEachScope(static (scope, line) => line.WriteScope(scope), line);
        provider.Write(line.End());
        _line = line;
    }

    // An entry whose message cannot be made is still an entry, and logging never throws into the code that logs.
    private static string Format<TState>(TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            return formatter(state, exception);
        }
        catch (Exception failure)
        {
            return $"(The message could not be formatted: {failure.GetType()}: {failure.Message})";
        }
    }
}
