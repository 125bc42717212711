using System.Text.RegularExpressions;

namespace Plugwire.Contracts.Analyzers.Tests.Pages;

/// <summary>The page about a diagnostic, in the repository that these tests were built from.</summary>
internal sealed partial record DiagnosticPage(string Text)
{
    /// <summary>The C# blocks, in order: the first is what is reported, all others are not.</summary>
    public string[] Examples() => [.. Example().Matches(Text).Select(match => match.Groups["code"].Value)];

    public static DiagnosticPage Of(string id)
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Sdk.sln")))
                return new DiagnosticPage(File.ReadAllText(Path.Combine(directory.FullName, "docs", "diagnostics", $"{id}.md")).ReplaceLineEndings("\n"));
        }

        throw new InvalidOperationException($"No directory above '{AppContext.BaseDirectory}' holds Sdk.sln: the tests read the pages of the sources they were built from.");
    }

    [GeneratedRegex("^```csharp\n(?<code>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Example();
}
