using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Plugwire.Hosting.Tests.Output;

/// <summary>A log that takes nothing until it is opened.</summary>
internal sealed class GatedSink : ILoggerProvider, ILogger
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _gate = new();
    private readonly ConcurrentQueue<string> _messages = new();

    public Func<string, bool> Throws { get; init; } = _ => false;

    public Task Entered => _entered.Task;

    public IReadOnlyList<string> Messages => [.. _messages];

    public void Open() => _gate.Set();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _entered.TrySetResult();
        _gate.Wait();
        var message = formatter(state, exception);
        if (Throws(message))
            throw new InvalidOperationException("The sink is broken.");

        _messages.Enqueue(message);
    }

    public void Dispose()
    {
    }
}
