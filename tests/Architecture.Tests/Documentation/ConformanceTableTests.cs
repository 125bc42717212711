using Plugwire.Architecture.Tests.Tree;

namespace Plugwire.Architecture.Tests.Documentation;

public sealed class ConformanceTableTests
{
    private const string Marked = "class C\n{\n    [Fact]\n    [Trait(\"RFC 9113\", \"6.5 SETTINGS\")]\n    public async Task M() { }\n}";

    private const string WithCases =
        "[Trait(\"gRPC\", \"status\")]\nclass C\n{\n    static readonly Dictionary<string, Case> All = new() { [\"one\"] = new(), [\"two \\\"2\\\"\"] = new() };\n"
        + "    public static TheoryData<string> Rows => [.. All.Keys];\n    [Theory]\n    [MemberData(nameof(Rows))]\n    public void M(string name) { }\n}";

    [Fact]
    public void Page_AsItIs_NamesTheTestsOfEachSection()
    {
        Rule.Holds(ConformanceTable.Violations(MarkdownFile.All.Single(file => file.Path == ConformanceTable.PagePath), [.. RepositoryTree.Sources("tests")]));
    }

    [Theory]
    [InlineData(Marked)]
    [InlineData("[Trait(\"RFC 9113\", \"6.5 SETTINGS\")] class C { [Fact] public void M() { } private void Helper() { } }")]
    [InlineData("class C { [Theory(Skip = \"none here\", SkipUnless = nameof(X))] [Trait(\"RFC 9113\", \"6.5 SETTINGS\")] public void M() { } }")]
    [InlineData("class C { [Fact] [Trait(\"RFC 9113\", \"6.5 SETTINGS\")] public void M() { } [Fact] [Trait(\"Fault\", \"F17\")] public void Other() { } }")]
    public void Page_ThatNamesWhatIsMarked_IsFine(string source)
    {
        Rule.Holds(Violations(Page("6.5 SETTINGS", "| any words | server | none | `C.M` |"), source));
    }

    [Theory]
    [InlineData("| a case | `C.M`, `C.Other` |", Marked, "docs/conformance.md:9: C.Other is named, but no test of that name has [Trait(\"RFC 9113\", \"6.5 SETTINGS\")].")]
    [InlineData("| a case | `C.M` |", "class C { [Fact] public void M() { } }", "docs/conformance.md:9: C.M is named, but no test of that name has [Trait(\"RFC 9113\", \"6.5 SETTINGS\")].")]
    [InlineData("| `C.M` | of course |", Marked, "docs/conformance.md:9: the row '`C.M`' names no test. Write `Class.Method` into its last cell.", "tests/C.cs:5: C.M is marked with RFC 9113, 6.5 SETTINGS, but that section of docs/conformance.md does not name it.")]
    [InlineData("", Marked, "tests/C.cs:5: C.M is marked with RFC 9113, 6.5 SETTINGS, but that section of docs/conformance.md does not name it.")]
    [InlineData("| a case | `C.M` |", "class C { [Fact(Skip = \"later\")] [Trait(\"RFC 9113\", \"6.5 SETTINGS\")] public void M() { } }", "tests/C.cs:1: C.M is marked with RFC 9113, 6.5 SETTINGS, but is no test that runs.")]
    [InlineData("| a case | `C.M` |", "class C { [Trait(\"RFC 9113\", \"6.5 SETTINGS\")] public void M() { } }", "tests/C.cs:1: C.M is marked with RFC 9113, 6.5 SETTINGS, but is no test that runs.")]
    public void Row_ThatSaysSomethingElse_IsNamed(string row, string source, params string[] expected)
    {
        Assert.Equal(expected, Violations(Page("6.5 SETTINGS", row), source));
    }

    [Fact]
    public void Test_NamedInAnotherSection_IsNamed()
    {
        Assert.Equal(
            [
                "tests/C.cs:5: C.M is marked with RFC 9113, 6.5 SETTINGS, but that section of docs/conformance.md does not name it.",
                "docs/conformance.md:9: C.M is named, but no test of that name has [Trait(\"RFC 9113\", \"6.7 PING\")].",
            ],
            Violations(Page("6.7 PING", "| a case | `C.M` |"), Marked));
    }

    [Fact]
    public void CasesOfATheory_EachWithARow_AreFine()
    {
        Rule.Holds(Violations(Page("status", "| one | `C.M` |\n| two \"2\" | `C.M` |", family: "gRPC"), WithCases));
    }

    [Fact]
    public void CasesOfATheory_WithoutARowOrWithoutACase_AreNamed()
    {
        Assert.Equal(
            ["docs/conformance.md:10: C.M has no case 'three'. The row begins with the case's name.", "tests/C.cs:8: docs/conformance.md has no row for the cases of C.M: two \"2\"."],
            Violations(Page("status", "| one | `C.M` |\n| three | `C.M` |", family: "gRPC"), WithCases));
    }

    [Fact]
    public void Tables_OfOtherChapters_AreNotLookedAt()
    {
        Rule.Holds(Violations(Page("6.5 SETTINGS", "| a case | `C.M` |") + "\n## Exceptions\n\n### Some\n\n| a | b |\n|---|---|\n| c | d |\n", Marked));
    }

    private static string Page(string section, string rows, string family = "RFC 9113") =>
        $"# A page\n\n## {family}: a title\n\n### {section}\n\n| case | test |\n|---|---|\n{rows}\n";

    private static IEnumerable<string> Violations(string page, string source) =>
        ConformanceTable.Violations(new MarkdownFile(ConformanceTable.PagePath, page), [new SourceFile("tests/C.cs", source)]);
}
