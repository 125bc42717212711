using System.Text.RegularExpressions;

namespace Plugwire.Architecture.Tests.Documentation;

/// <summary>Links between documents, and to other files of the repository. What lies outside is not looked at.</summary>
internal static partial class Links
{
    /// <param name="file">The document with the links.</param>
    /// <param name="readDocument">The text of a file below the root; null when there is none, empty for a directory or another file.</param>
    public static IEnumerable<string> Broken(MarkdownFile file, Func<string, string?> readDocument)
    {
        var lines = file.Prose().Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            foreach (Match link in Link().Matches(InlineCode().Replace(lines[i], "")))
            {
                var target = link.Groups["target"].Value;
                if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal))
                    continue;

                var parts = target.Split('#', 2);
                var path = parts[0].Length == 0 ? file.Path : Resolve(file.Path, parts[0]);
                if (readDocument(path) is not { } document)
                    yield return $"{file.Path}:{i + 1}: the link '{target}' leads to {path}, which does not exist.";
                else if (parts.Length > 1 && !Anchors(new MarkdownFile(path, document)).Contains(parts[1]))
                    yield return $"{file.Path}:{i + 1}: the link '{target}' leads to a heading that {path} does not have.";
            }
        }
    }

    private static string Resolve(string from, string target)
    {
        var parts = new Stack<string>(from.Split('/')[..^1]);
        foreach (var part in target.TrimEnd('/').Split('/'))
        {
            if (part == "..")
                parts.TryPop(out _);
            else if (part != ".")
                parts.Push(part);
        }

        return string.Join('/', parts.Reverse());
    }

    // As the usual renderers make them: small letters, blanks to hyphens, punctuation dropped.
    private static HashSet<string> Anchors(MarkdownFile file) =>
    [
        .. file.Prose().Split('\n').Where(line => line.StartsWith('#')).Select(line => line.TrimStart('#').Trim().ToLowerInvariant())
            .Select(heading => string.Concat(heading.Where(character => char.IsLetterOrDigit(character) || character is ' ' or '-' or '_')).Replace(' ', '-')),
    ];

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)(?:\s+""[^""]*"")?\)")]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex InlineCode();
}
