using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Plugwire.Hosting.Failures;

namespace Plugwire.Hosting.Output;

/// <summary>Reads go-plugin's log lines (hclog's JSON) and ours, which are the same with more keys.</summary>
internal static class StructuredLogLine
{
    private const int MostValues = 64;
    private const int MostDepth = 32;

    // Sinks take what has this name for the template, and for a string.
    private const string TemplateKey = "{OriginalFormat}";
    private const string TemplateName = "OriginalFormat";

    /// <summary>Null when the line is not one. Never throws.</summary>
    public static PluginLogEntry? TryParse(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty || line[0] != '{')
            return null;

        try
        {
            return Parse(line);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException)
        {
            // No JSON, or a string in it that is no text: the line is shown as it stands.
            return null;
        }
    }

    private static PluginLogEntry? Parse(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = MostDepth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return null;

        var fields = new Fields();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var isNested = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
            fields.Set(name, ReadValue(ref reader, line), isNested);
        }

        return reader.Read() ? null : fields.ToEntry();
    }

    private static object? ReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return PrintableText.Of(reader.GetString()!);
            case JsonTokenType.True:
                return true;
            case JsonTokenType.False:
                return false;
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.Number when reader.TryGetInt64(out var whole):
                return whole;
            case JsonTokenType.Number when reader.TryGetDouble(out var number) && double.IsFinite(number):
                return number;
            default:
                // Objects, lists and numbers that nothing here can hold: as they were written.
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                return PrintableText.Of(Encoding.UTF8.GetString(line[start..(int)reader.BytesConsumed]));
        }
    }

    /// <summary>What is known so far of the entry.</summary>
    private sealed class Fields
    {
        private readonly List<KeyValuePair<string, object?>> _values = [];
        private string? _message;
        private string? _level;
        private string? _module;
        private string? _format;
        private string? _exception;
        private string? _eventName;
        private int _eventId;
        private bool _critical;
        private DateTimeOffset? _timestamp;

        // A key that we know with a value that we do not is a value as any other; a host that takes it for what it should be is a host that a plugin can crash.
        public void Set(string name, object? value, bool isNested)
        {
            switch (name, value)
            {
                case var _ when isNested:
                    AddValue(name, value);
                    break;
                case ("@message", string message):
                    _message = message;
                    break;
                case ("@level", string level):
                    _level = level;
                    break;
                case ("@timestamp", string text) when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var timestamp):
                    _timestamp = timestamp;
                    break;
                case ("@module", string module):
                    _module = module;
                    break;
                case ("@critical", bool critical):
                    _critical = critical;
                    break;
                case ("event_id", long id) when id is >= int.MinValue and <= int.MaxValue:
                    _eventId = (int)id;
                    break;
                case ("event_name", string eventName):
                    _eventName = eventName;
                    break;
                case ("exception", string exception):
                    _exception = exception;
                    break;
                case (TemplateKey, string format):
                    _format = format;
                    break;
                default:
                    AddValue(name, value);
                    break;
            }
        }

        // Each name once, the last value counts: sinks make dictionaries of these.
        private void AddValue(string name, object? value)
        {
            var named = new KeyValuePair<string, object?>(name == TemplateKey ? TemplateName : PrintableText.Of(name), value);
            var same = _values.FindIndex(other => other.Key == named.Key);
            if (same >= 0)
                _values[same] = named;
            else if (_values.Count < MostValues)
                _values.Add(named);
        }

        /// <summary>Null without a message: then it is somebody's JSON, but no log line.</summary>
        public PluginLogEntry? ToEntry() => _message is null
            ? null
            : new PluginLogEntry(_critical ? LogLevel.Critical : LevelOf(_level), _message)
            {
                Module = string.IsNullOrWhiteSpace(_module) ? null : _module,
                EventId = new EventId(_eventId, _eventName),
                Exception = _exception,
                Timestamp = _timestamp,
                OriginalFormat = _format,
                Values = _values,
            };

        private static LogLevel LevelOf(string? level) => level?.Trim().ToUpperInvariant() switch
        {
            "TRACE" => LogLevel.Trace,
            "DEBUG" => LogLevel.Debug,
            "WARN" or "WARNING" => LogLevel.Warning,
            "ERROR" => LogLevel.Error,
            "FATAL" or "CRITICAL" => LogLevel.Critical,
            _ => LogLevel.Information,
        };
    }
}
