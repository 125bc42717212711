using System.Text.Json;
using Examples.Inspection;

namespace Examples.Inspect.Sarif;

/// <summary>One finding as a SARIF result.</summary>
internal static class SarifResult
{
    /// <summary>The name under which results refer to the root that was inspected.</summary>
    public const string RootId = "%SRCROOT%";

    public static void Write(Utf8JsonWriter json, Finding finding, int? ruleIndex)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", finding.RuleId);
        if (ruleIndex is not null)
            json.WriteNumber("ruleIndex", ruleIndex.Value);
        json.WriteString("level", finding.RuleId.StartsWith("secret/", StringComparison.Ordinal) ? "error" : "note");
        json.WriteStartObject("message");
        json.WriteString("text", finding.Text);
        json.WriteEndObject();
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", UriPath.Escape(finding.Path.Span));
        json.WriteString("uriBaseId", RootId);
        json.WriteEndObject();
        json.WriteStartObject("region");
        json.WriteNumber("startLine", finding.Line);
        json.WriteNumber("startColumn", finding.Column);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
