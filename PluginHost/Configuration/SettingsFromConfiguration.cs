using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace Plugwire.Hosting.Configuration;

/// <summary>Makes a plugin's settings of a part of the host's configuration. Every value stays the text that it is in a configuration.</summary>
internal static class SettingsFromConfiguration
{
    public static JsonObject ToJson(IConfiguration configuration)
    {
        var settings = new JsonObject();
        foreach (var child in configuration.GetChildren())
            settings[child.Key] = ValueOf(child);
        return settings;
    }

    private static JsonNode? ValueOf(IConfigurationSection section)
    {
        var children = section.GetChildren().ToArray();
        if (children.Length == 0)
            return section.Value is { } value ? JsonValue.Create(value) : null;

        // A configuration has no lists: it numbers their entries.
        var indices = children.Select(child => IndexOf(child.Key)).ToArray();
        return indices.Order().SequenceEqual(Enumerable.Range(0, children.Length))
            ? new JsonArray([.. children.OrderBy(child => IndexOf(child.Key)).Select(ValueOf)])
            : ToJson(section);
    }

    private static int IndexOf(string key) =>
        int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : -1;
}
