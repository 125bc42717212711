using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Plugwire.Architecture.Tests.Tree;

namespace Plugwire.Architecture.Tests.Documentation;

/// <summary>
/// The page that says what the host does in each of fifty faults, and the tests that are marked with a fault's id: <c>[Trait("Fault", "F17")]</c>. Each names exactly the other. What else the
/// page says of tests is true as well.
/// </summary>
internal static partial class FaultTable
{
    public const string PagePath = "docs/failures.md";

    private const int Faults = 50;
    private const string Trait = "Fault";
    private const string NotYet = "not yet";

    public static IEnumerable<string> Violations(MarkdownFile page, IReadOnlyList<SourceFile> sources)
    {
        var marked = sources.SelectMany(MarkedTests).ToLookup(test => test.Fault);
        var lines = page.Text.ReplaceLineEndings("\n").Split('\n');
        var rows = lines.Select(line => Row().Match(line)).Where(row => row.Success)
            .ToLookup(row => row.Groups["id"].Value, row => row.Groups["tests"].Value.Trim());
        var ids = Enumerable.Range(1, Faults).Select(number => string.Create(CultureInfo.InvariantCulture, $"F{number:00}")).ToList();
        return ids.SelectMany(id => OfFault(id, [.. rows[id]], [.. marked[id]]))
            .Concat(rows.Select(row => row.Key).Except(ids).Select(id => $"{PagePath}: there is no fault {id}."))
            .Concat(marked.Select(tests => tests.Key).Except(ids).Select(id => $"{marked[id].First().Place}: there is no fault {id}."))
            .Concat(OfTheCount(page, rows.Sum(row => row.Count(tests => tests == NotYet))))
            .Concat(lines.Where(line => !Row().IsMatch(line)).SelectMany(line => TestName().Matches(line)).Select(name => name.Groups["name"].Value)
                .Where(name => IsNameOfATest().IsMatch(name) && !Exists(name, sources)).Select(name => $"{PagePath}: there is no test {name}."));
    }

    private static IEnumerable<string> OfFault(string id, string[] rows, MarkedTest[] marked)
    {
        if (rows is not [var tests])
        {
            yield return $"{PagePath}: {id} has {rows.Length} rows, where each fault has one.";
            yield break;
        }

        var named = tests == NotYet ? [] : TestName().Matches(tests).Select(name => name.Groups["name"].Value).ToArray();
        if (tests != NotYet && named.Length == 0)
            yield return $"{PagePath}: {id} names no test. Write `Class.Method`, or '{NotYet}'.";
        foreach (var name in named.Where(name => !marked.Any(test => test.Name == name)))
            yield return $"{PagePath}: {id} names {name}, but no test of that name has [Trait(\"{Trait}\", \"{id}\")].";
        foreach (var test in marked.Where(test => !named.Contains(test.Name)))
            yield return $"{test.Place}: {test.Name} is marked with {id}, but its row in {PagePath} does not name it.";
        foreach (var test in marked.Where(test => !test.Runs))
            yield return $"{test.Place}: {test.Name} is marked with {id}, but is no test that runs.";
    }

    private static IEnumerable<string> OfTheCount(MarkdownFile page, int missing)
    {
        var said = Count().Match(page.Text);
        if (!said.Success || int.Parse(said.Groups["count"].ValueSpan, CultureInfo.InvariantCulture) != missing)
            yield return $"{PagePath}: the page says how many rows have no test: 'Without a test so far: {missing}.'";
    }

    private static bool Exists(string name, IEnumerable<SourceFile> sources)
    {
        var (type, method) = (name.Split('.')[0], name.Split('.')[1]);
        return sources.Where(source => source.Text.Contains(method + "(", StringComparison.Ordinal))
            .SelectMany(source => source.Parse().GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<MethodDeclarationSyntax>())
            .Any(found => found.Identifier.Text == method && ((TypeDeclarationSyntax)found.Parent!).Identifier.Text == type);
    }

    private static IEnumerable<MarkedTest> MarkedTests(SourceFile source)
    {
        if (!source.Text.Contains($"[Trait(\"{Trait}\"", StringComparison.Ordinal))
            yield break;

        foreach (var method in source.Parse().GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<MethodDeclarationSyntax>())
        {
            var attributes = method.AttributeLists.SelectMany(list => list.Attributes).ToList();
            var runs = attributes.Exists(attribute => attribute.Name.ToString() is "Fact" or "Theory" && attribute.ArgumentList?.ToString().Contains("Skip", StringComparison.Ordinal) != true);
            foreach (var arguments in attributes.Where(attribute => attribute.Name.ToString() == "Trait").Select(attribute => attribute.ArgumentList!.Arguments))
            {
                if (arguments is [{ Expression: LiteralExpressionSyntax { Token.ValueText: Trait } }, { Expression: LiteralExpressionSyntax fault }])
                {
                    yield return new MarkedTest(
                        fault.Token.ValueText,
                        $"{((TypeDeclarationSyntax)method.Parent!).Identifier.Text}.{method.Identifier.Text}",
                        runs,
                        $"{source.Path}:{method.Identifier.GetLocation().GetLineSpan().StartLinePosition.Line + 1}");
                }
            }
        }
    }

    [GeneratedRegex(@"^\| (?<id>F\d+) \|.*\|(?<tests>[^|]*)\|\s*$")]
    private static partial Regex Row();

    [GeneratedRegex("`(?<name>[^`]+)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"^\w+Tests\.\w+$")]
    private static partial Regex IsNameOfATest();

    [GeneratedRegex(@"Without a test so far: (?<count>\d+)\.")]
    private static partial Regex Count();

    private sealed record MarkedTest(string Fault, string Name, bool Runs, string Place);
}
