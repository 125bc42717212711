using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Plugwire.Testing;

/// <summary>One entry of a log.</summary>
/// <param name="Level">Its level.</param>
/// <param name="Category">The logger's name. What a plugin logs has the plugin's name before it: <c>todo-inspector.Examples.Scanning.Window</c>.</param>
/// <param name="EventId">Its event; 0 without a name when the entry has none.</param>
/// <param name="Message">The text, with the values in it.</param>
/// <param name="Values">The values by name, and the template as <c>{OriginalFormat}</c>. What has crossed a process's border has become text, number or truth value.</param>
/// <param name="Exception">The exception's text, with its stack; null when there was none.</param>
public sealed record LogRecord(LogLevel Level, string Category, EventId EventId, string Message, IReadOnlyDictionary<string, object?> Values, string? Exception)
{
    /// <summary>Whether a value is there and reads the same as the expected one, in the invariant culture: 7 in a plugin is "7" or 7 for its host.</summary>
    /// <param name="name">The value's name in the template; capitals are others than small letters.</param>
    /// <param name="expected">What it is expected to be; null for a value that is null.</param>
    public bool HasValue(string name, object? expected)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Values.TryGetValue(name, out var value)
            && (Equals(value, expected) || (value is not null && expected is not null && ToText(value) == ToText(expected)));
    }

    /// <summary>The entry in one line, and its exception below.</summary>
    public override string ToString() =>
        $"[{Level}] {Category}{(EventId.Name is { } name ? $" ({name})" : "")}: {Message}{(Exception is null ? "" : Environment.NewLine + Exception)}";

    private static string? ToText(object value) => Convert.ToString(value, CultureInfo.InvariantCulture);
}
