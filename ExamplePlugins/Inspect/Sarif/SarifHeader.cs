using System.Text;
using System.Text.Json;
using Examples.Inspection;

namespace Examples.Inspect.Sarif;

/// <summary>What stands before and behind the results of a SARIF document.</summary>
internal static class SarifHeader
{
    /// <summary>Begins the document, up to where its results begin.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<Rule> rules, string root)
    {
        json.WriteStartObject();
        json.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        json.WriteString("version", "2.1.0");
        json.WriteStartArray("runs");
        json.WriteStartObject();
        WriteTool(json, rules);
        WriteRoot(json, root);
        json.WriteStartObject("properties");
        json.WriteString("columnsCount", "bytes");
        json.WriteEndObject();
        json.WriteStartArray("results");
    }

    /// <summary>Ends the results and the document.</summary>
    public static void End(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTool(Utf8JsonWriter json, IReadOnlyList<Rule> rules)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "inspect");
        json.WriteString("version", typeof(SarifHeader).Assembly.GetName().Version!.ToString(3));
        json.WriteStartArray("rules");
        foreach (var rule in rules)
        {
            json.WriteStartObject();
            json.WriteString("id", rule.Id);
            json.WriteStartObject("shortDescription");
            json.WriteString("text", rule.Summary);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteRoot(Utf8JsonWriter json, string root)
    {
        var path = Path.DirectorySeparatorChar == '/' ? root : '/' + root.Replace(Path.DirectorySeparatorChar, '/');
        json.WriteStartObject("originalUriBaseIds");
        json.WriteStartObject(SarifResult.RootId);
        json.WriteString("uri", $"file://{UriPath.Escape(Encoding.UTF8.GetBytes(path.TrimEnd('/')))}/");
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
