using Microsoft.Extensions.Logging;

namespace Plugwire.Hosting.Output;

/// <summary>One thing that a plugin said, with all text in it safe to show.</summary>
internal sealed record PluginLogEntry(LogLevel Level, string Message)
{
    /// <summary>The plugin's own logger's name; null when it named none.</summary>
    public string? Module { get; init; }

    public EventId EventId { get; init; }

    /// <summary>The text of an exception that the plugin logged; null when there was none.</summary>
    public string? Exception { get; init; }

    /// <summary>The plugin's own time; null when it wrote none that can be read.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>The message's template; null when the plugin has none.</summary>
    public string? OriginalFormat { get; init; }

    public IReadOnlyList<KeyValuePair<string, object?>> Values { get; init; } = [];

    /// <summary>About how many bytes it keeps in memory.</summary>
    public int Weight { get; init; }
}
