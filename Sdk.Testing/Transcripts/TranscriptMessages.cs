using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Plugwire.Testing.Transcripts;

/// <summary>Messages as a transcript has them: the JSON of Protocol Buffers, in one line, always written in the same way.</summary>
internal sealed class TranscriptMessages(TranscriptOptions options)
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonFormatter _formatter = new(JsonFormatter.Settings.Default.WithTypeRegistry(options.Types));
    private readonly JsonParser _parser = new(JsonParser.Settings.Default.WithTypeRegistry(options.Types));

    /// <exception cref="NotSupportedException">It is no message of Protocol Buffers.</exception>
    public string ToJson(object message)
    {
        if (message is not IMessage known)
            throw new NotSupportedException($"A transcript holds messages of Protocol Buffers, and {message.GetType()} is none.");

        var json = JsonNode.Parse(_formatter.Format(known));
        LeaveOut(json);
        return Write(json);
    }

    /// <exception cref="InvalidProtocolBufferException">It is not the JSON of such a message.</exception>
    /// <exception cref="InvalidJsonException">It is no JSON.</exception>
    public IMessage FromJson(string json, MessageDescriptor type) => _parser.Parse(json, type);

    /// <summary>A text in quotes.</summary>
    public static string Quote(string text) => Write(JsonValue.Create(text));

    /// <exception cref="FormatException">It is no text in quotes.</exception>
    public static string Unquote(string quoted)
    {
        try
        {
            return JsonNode.Parse(quoted)?.GetValue<string>() ?? throw new FormatException("a text in quotes is expected.");
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            throw new FormatException("a text in quotes is expected.", failure);
        }
    }

    private static string Write(JsonNode? json)
    {
        if (json is null)
            return "null";

        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Compact))
            json.WriteTo(writer);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private void LeaveOut(JsonNode? json)
    {
        if (json is JsonObject fields)
        {
            foreach (var name in options.IgnoredFields)
                fields.Remove(name);
            foreach (var (_, value) in fields)
                LeaveOut(value);
        }
        else if (json is JsonArray items)
        {
            foreach (var item in items)
                LeaveOut(item);
        }
    }
}
