using System.Text.RegularExpressions;
using Plugwire.Architecture.Tests.Tree;

namespace Plugwire.Architecture.Tests.Documentation;

/// <summary>
/// The page that says how the wire keeps to its specifications, and the tests that are marked with their sections: <c>[Trait("RFC 9113", "6.5 SETTINGS")]</c>. The page has a chapter
/// <c>## RFC 9113: …</c>, in it a section <c>### 6.5 SETTINGS</c>, and in that a table whose rows begin with a case in a few words and end with the tests' names. Each names exactly the other. Where a
/// test is a theory over a dictionary of named cases, there is a row for each of them.
/// </summary>
internal static partial class ConformanceTable
{
    public const string PagePath = "docs/conformance.md";

    private static readonly string[] Families = ["RFC 9113", "RFC 7541", "gRPC", "Peers", "Hostile", "Liveness", "Fuzzing"];

    public static IEnumerable<string> Violations(MarkdownFile page, IReadOnlyList<SourceFile> sources)
    {
        var marked = sources.SelectMany(source => MarkedTest.In(source, Families)).ToLookup(test => (test.Family, test.Section));
        var rows = Rows(page).ToLookup(row => (row.Family, row.Section));
        return marked.Select(tests => tests.Key).Union(rows.Select(row => row.Key)).SelectMany(section => OfSection(section, [.. rows[section]], [.. marked[section]]));
    }

    private static IEnumerable<string> OfSection((string Family, string Section) section, Row[] rows, MarkedTest[] marked)
    {
        foreach (var row in rows.Where(row => row.Tests.Count == 0))
            yield return $"{PagePath}:{row.Line}: the row '{row.Case}' names no test. Write `Class.Method` into its last cell.";
        foreach (var row in rows)
        {
            foreach (var name in row.Tests)
            {
                if (Array.Find(marked, test => test.Name == name) is not { } test)
                    yield return $"{PagePath}:{row.Line}: {name} is named, but no test of that name has [Trait(\"{section.Family}\", \"{section.Section}\")].";
                else if (test.Cases.Count > 0 && !test.Cases.Contains(row.Case))
                    yield return $"{PagePath}:{row.Line}: {name} has no case '{row.Case}'. The row begins with the case's name.";
            }
        }

        foreach (var test in marked)
        {
            var own = rows.Where(row => row.Tests.Contains(test.Name)).Select(row => row.Case).ToList();
            if (!test.Runs)
                yield return $"{test.Place}: {test.Name} is marked with {section.Family}, {section.Section}, but is no test that runs.";
            else if (own.Count == 0)
                yield return $"{test.Place}: {test.Name} is marked with {section.Family}, {section.Section}, but that section of {PagePath} does not name it.";
            else if (test.Cases.Except(own).ToList() is [_, ..] missing)
                yield return $"{test.Place}: {PagePath} has no row for the cases of {test.Name}: {string.Join("; ", missing)}.";
        }
    }

    private static IEnumerable<Row> Rows(MarkdownFile page)
    {
        var (family, section) = ("", "");
        var lines = page.Prose().Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("## ", StringComparison.Ordinal))
                (family, section) = (lines[i][3..].Split(':')[0].Trim(), "");
            else if (lines[i].StartsWith("### ", StringComparison.Ordinal))
                section = lines[i][4..].Trim();
            else if (Families.Contains(family) && section.Length > 0 && lines[i].StartsWith('|') && !IsHead(lines, i))
                yield return ReadRow(family, section, lines[i], i + 1);
        }
    }

    private static Row ReadRow(string family, string section, string line, int number)
    {
        var cells = line.Trim().Trim('|').Split('|');
        return new Row(family, section, cells[0].Trim(), [.. TestName().Matches(cells[^1]).Select(name => name.Groups["name"].Value)], number);
    }

    // The line of column names, or the one below it.
    private static bool IsHead(string[] lines, int at) => Separator().IsMatch(lines[at]) || (at + 1 < lines.Length && Separator().IsMatch(lines[at + 1]));

    [GeneratedRegex(@"^\|[\s|:-]+\|\s*$")]
    private static partial Regex Separator();

    [GeneratedRegex("`(?<name>[^`]+)`")]
    private static partial Regex TestName();

    private sealed record Row(string Family, string Section, string Case, IReadOnlyList<string> Tests, int Line);
}
