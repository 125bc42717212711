using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Plugwire.Logging;

/// <summary>
/// One log entry as the host reads it: a JSON object on one line, in the form of go-plugin's hclog. Always valid JSON and never
/// longer than <see cref="MaxBytes"/>: what does not fit is cut, and the line says so by <c>"truncated":true</c>.
/// </summary>
/// <remarks>
/// The three keys with an <c>@</c> that hosts know are always strings, since a go-plugin host dies of any other. So keys of the
/// author's that begin with <c>@</c>, or equal one of ours, get a <c>_</c> in front. Reused; for one thread at a time.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The writer writes to memory: disposing of it would only flush. One lives as long as its thread.")]
internal sealed class LogLine
{
    /// <summary>A line's length at most, its end included: hosts cut at 16 KiB.</summary>
    public const int MaxBytes = 16 * 1024 - 1;

    private const int MaxMessageBytes = 8 * 1024;
    private const int MaxExceptionBytes = 6 * 1024;
    private const int MaxNameBytes = 512;

    // ,"truncated":true} and the end of the line.
    private const int Tail = 32;

    // What stands around a property: two pairs of quotes, colon, comma.
    private const int PropertyFrame = 6;

    private static readonly string[] OwnKeys = ["event_id", "event_name", "exception", "scope", "truncated"];

    private readonly ArrayBufferWriter<byte> _bytes = new(1024);
    private readonly Utf8JsonWriter _json;
    private readonly List<string> _keys = [];
    private readonly LogValue _value;
    private bool _truncated;

    public LogLine()
    {
        // The relaxed encoder leaves text in other scripts readable; nothing here ends up in HTML.
        _json = new Utf8JsonWriter(_bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        _value = new LogValue(this);
    }

    private int Left => MaxBytes - Tail - (int)_json.BytesCommitted - _json.BytesPending;

    public void Begin(LogLevel level, string message, DateTimeOffset time, string category)
    {
        _bytes.ResetWrittenCount();
        _json.Reset(_bytes);
        _keys.Clear();
        _truncated = false;

        _json.WriteStartObject();
        _json.WriteString("@level"u8, LogLevelNames.OnTheLine(level));
        WriteText("@message", message, MaxMessageBytes);
        Span<char> timestamp = stackalloc char[32];
        time.UtcDateTime.TryFormat(timestamp, out var length, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        _json.WriteString("@timestamp"u8, timestamp[..length]);
        WriteText("@module", category, MaxNameBytes);
        if (level == LogLevel.Critical)
            _json.WriteBoolean("@critical"u8, true);
    }

    public void WriteEvent(EventId id)
    {
        if (id.Id != 0)
            _json.WriteNumber("event_id"u8, id.Id);
        if (id.Name is not null)
            WriteText("event_name", id.Name, MaxNameBytes);
    }

    public void WriteException(Exception exception) => WriteText("exception", LogValue.TextOf(exception), MaxExceptionBytes);

    /// <summary>Writes the values by their names. The first of several with one name stays: a message's own go before its scopes'.</summary>
    public void WriteValues(IEnumerable<KeyValuePair<string, object?>> values)
    {
        try
        {
            foreach (var (name, value) in values)
            {
                if (Claim(name) is { } key)
                    _value.Write(key, value);
            }
        }
        catch (Exception failure)
        {
            // A list of the author's that throws in the middle: the entry goes out with what it gave, and with what it threw.
            if (Claim("values_failed") is { } key)
                WriteText(key, $"{failure.GetType()}: {failure.Message}", MaxNameBytes);
        }
    }

    public void WriteScope(object? scope)
    {
        if (scope is IEnumerable<KeyValuePair<string, object?>> values)
        {
            WriteValues(values);
        }
        else if (scope is not null && !_keys.Contains("scope"))
        {
            _keys.Add("scope");
            WriteText("scope", LogValue.TextOf(scope), MaxNameBytes);
        }
    }

    /// <summary>The finished line with its end; valid until the next <see cref="Begin"/>.</summary>
    public ReadOnlySpan<byte> End()
    {
        if (_truncated)
            _json.WriteBoolean("truncated"u8, true);
        _json.WriteEndObject();
        _json.Flush();
        _bytes.Write("\n"u8);
        return _bytes.WrittenSpan;
    }

    /// <summary>Writes what fits of the text.</summary>
    public void WriteText(string key, ReadOnlySpan<char> text, int maxBytes = MaxBytes)
    {
        if (!HasRoom(key, 0))
            return;

        var room = Math.Min(Left - PropertyFrame - JsonText.MostBytes(key), maxBytes);
        var fitting = JsonText.FittingLength(text, room);
        _truncated |= fitting < text.Length;
        _json.WriteString(key, text[..fitting]);
    }

    /// <summary>The writer, if a value of so many bytes fits behind the key; null, and the line counts as cut, if not.</summary>
    public Utf8JsonWriter? Open(string key, int valueBytes)
    {
        if (!HasRoom(key, valueBytes))
            return null;
        _json.WritePropertyName(key);
        return _json;
    }

    private bool HasRoom(string key, int valueBytes)
    {
        var fits = Left >= PropertyFrame + JsonText.MostBytes(key) + valueBytes;
        _truncated |= !fits;
        return fits;
    }

    private string? Claim(string? name)
    {
        var key = string.IsNullOrEmpty(name) ? "_" : name[0] == '@' || Array.IndexOf(OwnKeys, name) >= 0 ? "_" + name : name;
        if (_keys.Contains(key))
            return null;
        _keys.Add(key);
        return key;
    }
}
