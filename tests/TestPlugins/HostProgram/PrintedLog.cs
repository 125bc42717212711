using Microsoft.Extensions.Logging;

namespace Plugwire.TestPlugins.HostProgram;

/// <summary>Prints the message of each entry, at once.</summary>
internal sealed class PrintedLog : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Console.WriteLine(formatter(state, exception));

    public void Dispose()
    {
    }
}
