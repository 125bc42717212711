using Microsoft.Extensions.Logging;

namespace Plugwire.Hosting.Tests.Fuzzing;

/// <summary>A log that keeps each entry as one text, with all that a sink sees of it, and looks whether any of that could do harm where it is shown.</summary>
internal sealed class KeptLog : ILoggerFactory
{
    private readonly List<string> _entries = [];

    /// <summary>Complete when who wrote them has been disposed of.</summary>
    public IReadOnlyList<string> Entries => _entries;

    public ILogger CreateLogger(string categoryName)
    {
        AssertHarmless(categoryName, isOneLine: true);
        return new Logger(_entries, categoryName);
    }

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    /// <summary>No control characters but line breaks and tabs, no marks that change the direction of reading, and no half characters.</summary>
    public static void AssertHarmless(string text, bool isOneLine = false)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var isHarmless = c switch
            {
                '\n' => !isOneLine,
                '\t' => true,
                < ' ' or (>= '\u007F' and <= '\u009F') or '\u2028' or '\u2029' or '\u202E' => false,
                _ when char.IsHighSurrogate(c) => i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]),
                _ when char.IsLowSurrogate(c) => i > 0 && char.IsHighSurrogate(text[i - 1]),
                _ => true,
            };
            if (!isHarmless)
                Assert.Fail($"U+{(int)c:X4} stands at {i} of a text that is shown.");
        }
    }

    private sealed class Logger(List<string> entries, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var message = formatter(state, exception);
            AssertHarmless(message);
            AssertHarmless(exception?.ToString() ?? "");
            AssertHarmless(eventId.Name ?? "");
            var values = (IReadOnlyList<KeyValuePair<string, object?>>)state!;
            foreach (var (name, value) in values)
            {
                AssertHarmless(name);
                AssertHarmless(value as string ?? "");
            }

            // As many sinks do.
            var named = values.ToDictionary(value => value.Key, value => value.Value, StringComparer.Ordinal);
            _ = (string)named["{OriginalFormat}"]!;
            Assert.InRange(values.Count, 1, 67);
            entries.Add($"{category}|{logLevel}|{eventId.Id}|{message}|{exception}|{string.Join(',', values.Select(value => $"{value.Key}={value.Value}"))}");
        }
    }
}
