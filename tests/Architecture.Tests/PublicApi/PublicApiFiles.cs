using System.Xml.Linq;

namespace Plugwire.Architecture.Tests.PublicApi;

/// <summary>A package's public surface stands in a file, and the build compares the two.</summary>
internal static class PublicApiFiles
{
    private static readonly string[] Files = ["PublicAPI.Shipped.txt", "PublicAPI.Unshipped.txt"];

    public static IEnumerable<string> Violations(string path, XDocument project, Func<string, bool> fileExists)
    {
        if (!project.Descendants("IsPackable").Any(element => element.Value == "true"))
            yield break;

        foreach (var file in Files.Where(file => !fileExists(file)))
            yield return $"{path}: a package without {file}: its public surface is written nowhere.";

        foreach (var silenced in project.Descendants("NoWarn").Where(element => element.Value.Contains("RS00", StringComparison.Ordinal)))
            yield return $"{path}: silences the comparison of its public surface: {silenced.Value}.";
    }

    /// <param name="targets">Directory.Build.targets, which gives every package its analyzers.</param>
    /// <param name="editorConfig">.editorconfig, which says how severe they are.</param>
    public static IEnumerable<string> SharedViolations(string targets, string editorConfig)
    {
        if (!targets.Contains("Microsoft.CodeAnalysis.PublicApiAnalyzers", StringComparison.Ordinal))
            yield return "Directory.Build.targets: gives packages no PublicApiAnalyzers.";

        foreach (var file in Files.Where(file => !targets.Contains($"AdditionalFiles Include=\"{file}\"", StringComparison.Ordinal)))
            yield return $"Directory.Build.targets: does not hand {file} to the analyzers.";

        foreach (var rule in new[] { "RS0016", "RS0017" }.Where(rule => !editorConfig.Contains($"dotnet_diagnostic.{rule}.severity = error", StringComparison.Ordinal)))
            yield return $".editorconfig: {rule} is no error.";

        if (!editorConfig.Contains("dotnet_diagnostic.CA2007.severity = warning", StringComparison.Ordinal))
            yield return ".editorconfig: CA2007 is off, and with it ConfigureAwait.";
    }
}
