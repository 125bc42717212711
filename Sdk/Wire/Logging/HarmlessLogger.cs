using Microsoft.Extensions.Logging;

namespace Plugwire.Wire.Logging;

/// <summary>
/// A log whose sinks may throw. They are the application's, and whoever logs here is in the middle of ending a process, a connection or a call: an entry
/// that cannot be written is lost, and nothing else is.
/// </summary>
internal sealed class HarmlessLogger(ILogger inner) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return inner.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            // As below: then there is nobody to write for.
            return false;
        }
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception)
        {
            // Of all failures that of the log cannot be logged.
        }
    }
}
