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

    /// <summary>About how many bytes it keeps in memory: what is spelled out takes more than it did on the wire.</summary>
    public int EstimateSize()
    {
        const int OfAnEntry = 256;
        const int OfAValue = 64;
        var characters = Message.Length + Length(Module) + Length(EventId.Name) + Length(Exception) + Length(OriginalFormat);
        foreach (var (name, value) in Values)
            characters += name.Length + Length(value as string);
        return (characters * sizeof(char)) + (Values.Count * OfAValue) + OfAnEntry;
    }

    private static int Length(string? text) => text?.Length ?? 0;
}
