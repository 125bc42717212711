using Microsoft.Extensions.Logging;

namespace Plugwire.EndToEnd.Tests.Logs;

/// <summary>A log that takes nothing.</summary>
public sealed class BrokenSink(SinkFault fault) : ILoggerFactory, ILogger
{
    private readonly ManualResetEventSlim _end = new();
    private int _entered;

    /// <summary>How often it has been asked for something.</summary>
    public int Entered => Volatile.Read(ref _entered);

    public ILogger CreateLogger(string categoryName) => fault == SinkFault.Throws ? throw Broken() : this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => throw Broken();

    public bool IsEnabled(LogLevel logLevel) => fault == SinkFault.Throws ? throw Broken() : true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Interlocked.Increment(ref _entered);
        if (fault == SinkFault.Throws)
            throw Broken();
        _end.Wait();
    }

    public void Dispose() => _end.Set();

    private InvalidOperationException Broken()
    {
        Interlocked.Increment(ref _entered);
        return new InvalidOperationException("The disk is full.");
    }
}
