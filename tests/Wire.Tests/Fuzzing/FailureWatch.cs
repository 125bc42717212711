using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;

namespace Plugwire.Wire.Tests.Fuzzing;

/// <summary>
/// Everything in this process that tells of a bug of ours: errors in the log, exceptions that nobody has seen, and those that no code throws on purpose, also where somebody
/// catches them. So nothing else may run beside it.
/// </summary>
internal sealed class FailureWatch : ILogger, IDisposable
{
    private const int MostShown = 3;

    private readonly ConcurrentQueue<string> _failures = new();

    public FailureWatch()
    {
        // What others have left is none of ours.
        Collect();
        TaskScheduler.UnobservedTaskException += OnUnobserved;
        AppDomain.CurrentDomain.FirstChanceException += OnThrown;
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            _failures.Enqueue($"logged: {formatter(state, exception)} {exception}");
    }

    /// <summary>What there was since the last time; of many the first.</summary>
    public IReadOnlyList<string> TakeFailures()
    {
        var failures = new List<string>();
        while (_failures.TryDequeue(out var failure))
            failures.Add(failure);
        return [.. failures.Distinct().Take(MostShown)];
    }

    /// <summary>Makes exceptions known that nobody has seen.</summary>
    public static void Collect()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    public void Dispose()
    {
        TaskScheduler.UnobservedTaskException -= OnUnobserved;
        AppDomain.CurrentDomain.FirstChanceException -= OnThrown;
    }

    private void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs unobserved) => _failures.Enqueue($"nobody has seen: {unobserved.Exception}");

    private void OnThrown(object? sender, FirstChanceExceptionEventArgs thrown)
    {
        // Not ArgumentException itself: by it the metadata of Grpc.Core.Api and the decoder of UTF-8 refuse what came, and both are answered.
        if (thrown.Exception is NullReferenceException or IndexOutOfRangeException or InvalidCastException or KeyNotFoundException
            or ArgumentNullException or ArgumentOutOfRangeException or ArithmeticException or OutOfMemoryException)
        {
            _failures.Enqueue($"thrown: {thrown.Exception.GetType()}: {thrown.Exception.Message}{Environment.NewLine}{Environment.StackTrace}");
        }
    }
}
