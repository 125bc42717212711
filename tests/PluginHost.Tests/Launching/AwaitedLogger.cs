using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Plugwire.Hosting.Tests.Launching;

/// <summary>A log that a test can wait on.</summary>
internal sealed class AwaitedLogger(Func<string, bool> matches) : ILogger
{
    private readonly ConcurrentQueue<string> _messages = new();
    private readonly TaskCompletionSource _found = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<string> Messages => [.. _messages];

    /// <summary>Ends with the first message that matches.</summary>
    public Task Found => _found.Task;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var message = formatter(state, exception);
        _messages.Enqueue(message);
        if (matches(message))
            _found.TrySetResult();
    }
}
