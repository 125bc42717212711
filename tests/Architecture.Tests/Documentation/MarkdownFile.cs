using System.Text.RegularExpressions;
using Plugwire.Architecture.Tests.Tree;

namespace Plugwire.Architecture.Tests.Documentation;

/// <summary>A document of the repository: its path below the root, with slashes, and its text.</summary>
internal sealed partial record MarkdownFile(string Path, string Text)
{
    /// <summary>Every document that a reader may meet.</summary>
    public static IReadOnlyList<MarkdownFile> All { get; } =
        [.. RepositoryTree.Files("*.md").Select(path => new MarkdownFile(path, File.ReadAllText(RepositoryTree.Absolute(path))))];

    /// <summary>The fenced blocks, in order.</summary>
    public IEnumerable<MarkdownBlock> Blocks()
    {
        var lines = Text.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var open = Fence().Match(lines[i]);
            if (!open.Success)
                continue;

            var first = i + 1;
            for (i = first; i < lines.Length && lines[i].Trim() != open.Groups["fence"].Value; i++)
            {
            }

            // A block inside a list is indented as a whole.
            var indent = open.Groups["indent"].Length;
            var code = lines[first..Math.Min(i, lines.Length)].Select(line => line.Length >= indent && line.AsSpan(0, indent).IsWhiteSpace() ? line[indent..] : line);
            yield return new MarkdownBlock(Path, first + 1, open.Groups["language"].Value, string.Join('\n', code), Given(lines, first - 2));
        }
    }

    /// <summary>The text without what stands in fenced blocks, lines kept.</summary>
    public string Prose()
    {
        var lines = Text.ReplaceLineEndings("\n").Split('\n');
        foreach (var block in Blocks())
        {
            for (var i = 0; i <= block.Code.Count(character => character == '\n'); i++)
                lines[block.Line - 1 + i] = "";
        }

        return string.Join('\n', lines);
    }

    // A comment that a reader of the page does not see, right above a block: <!-- given: declarations -->
    private static string Given(string[] lines, int last)
    {
        while (last >= 0 && lines[last].Trim().Length == 0)
            last--;
        if (last < 0 || !lines[last].TrimEnd().EndsWith("-->", StringComparison.Ordinal))
            return "";

        var first = last;
        while (first > 0 && !lines[first].Contains("<!--", StringComparison.Ordinal))
            first--;
        var match = GivenComment().Match(string.Join('\n', lines[first..(last + 1)]));
        return match.Success ? match.Groups["code"].Value.Trim() : "";
    }

    [GeneratedRegex(@"^(?<indent>\s*)(?<fence>`{3,})\s*(?<language>[^\s`]*)[^`]*$")]
    private static partial Regex Fence();

    [GeneratedRegex(@"<!--\s*given:(?<code>.*)-->", RegexOptions.Singleline)]
    private static partial Regex GivenComment();
}
