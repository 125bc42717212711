using System.Collections;
using System.Globalization;
using System.Text.Json;

namespace Plugwire.Logging;

/// <summary>Writes a structured value by its type: numbers and truth values as such, lists as lists, all else as text.</summary>
internal sealed class LogValue(LogLine line)
{
    private const int MostItems = 64;
    private const int NumberBytes = 40;
    private const int MaxItemBytes = 256;

    public static string TextOf(object value)
    {
        // A value's own ToString may throw; the entry is written all the same and says what happened.
        try
        {
            return value switch
            {
                string text => text,
                DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
                DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
                IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
                _ => value.ToString() ?? "",
            };
        }
        catch (Exception failure)
        {
            return $"({value.GetType()}.ToString threw {failure.GetType()}: {failure.Message})";
        }
    }

    public void Write(string key, object? value)
    {
        switch (value)
        {
            case null:
                line.Open(key, NumberBytes)?.WriteNullValue();
                break;
            case string text:
                line.WriteText(key, text);
                break;
            case ICollection items:
                WriteItems(key, items);
                break;
            default:
                if (!IsScalar(value))
                    line.WriteText(key, TextOf(value));
                else if (line.Open(key, NumberBytes) is { } json)
                    WriteScalar(json, value);
                break;
        }
    }

    private static bool IsScalar(object value) => value is bool or byte or sbyte or short or ushort or int or uint or long or ulong or decimal
        || (value is double d && double.IsFinite(d))
        || (value is float f && float.IsFinite(f));

    private static void WriteScalar(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case bool truth: json.WriteBooleanValue(truth); break;
            case byte number: json.WriteNumberValue(number); break;
            case sbyte number: json.WriteNumberValue(number); break;
            case short number: json.WriteNumberValue(number); break;
            case ushort number: json.WriteNumberValue(number); break;
            case int number: json.WriteNumberValue(number); break;
            case uint number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case ulong number: json.WriteNumberValue(number); break;
            case decimal number: json.WriteNumberValue(number); break;
            case float number: json.WriteNumberValue(number); break;
            case double number: json.WriteNumberValue(number); break;
        }
    }

    // One level of a list, and of that so much as a person reads; each item's size is bounded before the list is opened.
    private void WriteItems(string key, ICollection items)
    {
        var texts = new List<object?>(Math.Min(items.Count, MostItems));
        var bytes = 2;
        foreach (var item in items)
        {
            var written = item is null || IsScalar(item) ? item : Cut(TextOf(item));
            if (texts.Count == MostItems)
            {
                texts.Add("…");
                bytes += 16;
                break;
            }

            texts.Add(written);
            bytes += written is string text ? JsonText.MostBytes(text) + 3 : NumberBytes;
        }

        if (line.Open(key, bytes) is not { } json)
            return;

        json.WriteStartArray();
        foreach (var item in texts)
        {
            if (item is null)
                json.WriteNullValue();
            else if (item is string text)
                json.WriteStringValue(text);
            else
                WriteScalar(json, item);
        }

        json.WriteEndArray();
    }

    private static string Cut(string text)
    {
        var fitting = JsonText.FittingLength(text, MaxItemBytes);
        return fitting == text.Length ? text : text[..fitting];
    }
}
