using System.Globalization;
using Microsoft.Extensions.Logging;
using Plugwire.Logging;

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
    /// <summary>
    /// Whether a value is there and equals the expected one, or reads the same when it is logged: so a test asks in the same way for 7, an enum or a time whether the entry comes from its own process or from
    /// another, out of which all come as text, number or truth value.
    /// </summary>
    /// <param name="name">The value's name in the template; capitals are others than small letters.</param>
    /// <param name="expected">What it is expected to be; null for a value that is null.</param>
    public bool HasValue(string name, object? expected)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Values.TryGetValue(name, out var value)
            && (Equals(value, expected) || (value is not null && expected is not null && (ReadTheSame(value, expected) || AreOneNumber(value, expected))));
    }

    /// <summary>The entry in one line, and its exception below.</summary>
    public override string ToString() =>
        $"[{Level}] {Category}{(EventId.Name is { } name ? $" ({name})" : "")}: {Message}{(Exception is null ? "" : Environment.NewLine + Exception)}";

    private static bool ReadTheSame(object one, object other) => LogValue.TextOf(one) == LogValue.TextOf(other);

    // 7.50 of a decimal is 7.5 for a host.
    private static bool AreOneNumber(object one, object other) =>
        IsNumber(one) && IsNumber(other) && Convert.ToDouble(one, CultureInfo.InvariantCulture).Equals(Convert.ToDouble(other, CultureInfo.InvariantCulture));

    private static bool IsNumber(object value) => value is byte or sbyte or short or ushort or int or uint or long or ulong or float or double or decimal;
}
