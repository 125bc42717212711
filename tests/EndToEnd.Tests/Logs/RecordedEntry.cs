using Microsoft.Extensions.Logging;

namespace Plugwire.EndToEnd.Tests.Logs;

/// <summary>A log entry as a sink of the host's got it.</summary>
public sealed record RecordedEntry(
    string Category, LogLevel Level, EventId EventId, string Message, IReadOnlyDictionary<string, object?> Values, Exception? Exception);
