using System.Text.Json;

namespace Plugwire.Architecture.Tests.Assemblies;

/// <summary>Which shared frameworks a program asks for, by its runtimeconfig.json.</summary>
internal static class ExampleRuntimes
{
    private const string Alone = "Microsoft.NETCore.App";

    public static IEnumerable<string> Violations(string path, string runtimeConfig)
    {
        using var json = JsonDocument.Parse(runtimeConfig);
        var options = json.RootElement.GetProperty("runtimeOptions");
        var frameworks = options.TryGetProperty("frameworks", out var several) ? [.. several.EnumerateArray()]
            : options.TryGetProperty("framework", out var one) ? new[] { one } : [];
        var names = frameworks.Select(framework => framework.GetProperty("name").GetString()).ToArray();
        if (!names.SequenceEqual([Alone]))
            yield return $"{path}: needs {(names.Length == 0 ? "no framework" : string.Join(" and ", names))}, and may need {Alone} alone.";
    }
}
