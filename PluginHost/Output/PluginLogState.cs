using System.Collections;

namespace Plugwire.Hosting.Output;

/// <summary>An entry as a sink of Microsoft.Extensions.Logging sees it: values by name, the template last.</summary>
internal sealed class PluginLogState : IReadOnlyList<KeyValuePair<string, object?>>
{
    private const string OriginalFormat = "{OriginalFormat}";
    private const string TimestampName = "timestamp";
    private const string MessageName = "Message";

    private readonly List<KeyValuePair<string, object?>> _values;
    private readonly string _message;

    public PluginLogState(PluginLogEntry entry)
    {
        _message = entry.Message;
        _values = new List<KeyValuePair<string, object?>>(entry.Values.Count + 3);
        _values.AddRange(entry.Values);
        if (entry.Timestamp is { } timestamp)
            Add(TimestampName, timestamp);

        // A message without a template becomes the only value of one, or braces in it would be taken for holes.
        if (entry.OriginalFormat is null)
            Add(MessageName, entry.Message);
        _values.Add(new(OriginalFormat, entry.OriginalFormat ?? "{Message}"));
    }

    public int Count => _values.Count;

    public KeyValuePair<string, object?> this[int index] => _values[index];

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => _message;

    private void Add(string name, object? value)
    {
        if (!_values.Exists(existing => existing.Key == name))
            _values.Add(new(name, value));
    }
}
