using System.Globalization;
using Plugwire.Architecture.Tests.Tree;

namespace Plugwire.Architecture.Tests.Documentation;

public sealed class FaultTableTests
{
    private const string Source = "class C\n{\n    [Fact]\n    [Trait(\"Fault\", \"F17\")]\n    public async Task M() { }\n}";

    [Fact]
    public void Page_AsItIs_NamesTheTestsOfEachFault()
    {
        Rule.Holds(FaultTable.Violations(MarkdownFile.All.Single(file => file.Path == FaultTable.PagePath), [.. RepositoryTree.Sources("tests")]));
    }

    [Fact]
    public void Page_ThatNamesWhatIsMarked_IsFine()
    {
        Rule.Holds(Violations(Page("F17", "`C.M`"), Source));
    }

    [Theory]
    [InlineData("not yet", Source, "tests/C.cs:5: C.M is marked with F17, but its row in docs/failures.md does not name it.")]
    [InlineData("`C.M`, `C.Other`", Source, "docs/failures.md: F17 names C.Other, but no test of that name has [Trait(\"Fault\", \"F17\")].")]
    [InlineData("`C.M`", "class C { public void M() { } }", "docs/failures.md: F17 names C.M, but no test of that name has [Trait(\"Fault\", \"F17\")].")]
    [InlineData("`C.M`", "class C { [Trait(\"Fault\", \"F17\")] public void M() { } }", "tests/C.cs:1: C.M is marked with F17, but is no test that runs.")]
    [InlineData("`C.M`", "class C { [Fact(Skip = \"later\")] [Trait(\"Fault\", \"F17\")] public void M() { } }", "tests/C.cs:1: C.M is marked with F17, but is no test that runs.")]
    [InlineData("of course", "", "docs/failures.md: F17 names no test. Write `Class.Method`, or 'not yet'.")]
    public void Row_ThatSaysSomethingElse_IsNamed(string tests, string source, string expected)
    {
        Assert.Equal(expected, Assert.Single(Violations(Page("F17", tests), source)));
    }

    [Fact]
    public void Row_ThatIsMissingOrThereTwice_IsNamed()
    {
        var page = Page("F17", "`C.M`");
        var row = page.Split('\n').Single(line => line.StartsWith("| F17 ", StringComparison.Ordinal));

        Assert.Equal("docs/failures.md: F17 has 0 rows, where each fault has one.", Assert.Single(Violations(page.Replace(row + "\n", "", StringComparison.Ordinal), Source)));
        Assert.Equal("docs/failures.md: F17 has 2 rows, where each fault has one.", Assert.Single(Violations(page.Replace(row, row + "\n" + row, StringComparison.Ordinal), Source)));
    }

    [Fact]
    public void Fault_ThatThereIsNot_IsNamed()
    {
        Assert.Equal("tests/C.cs:5: there is no fault F51.", Assert.Single(Violations(Page("F17", "not yet"), Source.Replace("F17", "F51", StringComparison.Ordinal))));
    }

    [Fact]
    public void Count_ThatIsWrong_IsNamed()
    {
        Assert.Equal(
            "docs/failures.md: the page says how many rows have no test: 'Without a test so far: 49.'",
            Assert.Single(Violations(Page("F17", "`C.M`").Replace("so far: 49.", "so far: 48.", StringComparison.Ordinal), Source)));
    }

    [Fact]
    public void Test_NamedBesideTheTable_Exists()
    {
        var page = Page("F17", "not yet");
        const string Test = "class MyTests { [Fact] public void A_B_C() { } }";

        Rule.Holds(Violations(page + "\nSee `MyTests.A_B_C`, `StopAsync` and `options.Name`.", Test));
        Assert.Equal("docs/failures.md: there is no test MyTests.A_B.", Assert.Single(Violations(page + "\nSee `MyTests.A_B`.", Test)));
    }

    private static string Page(string id, string tests)
    {
        var rows = Enumerable.Range(1, 50).Select(number => string.Create(CultureInfo.InvariantCulture, $"F{number:00}"))
            .Select(each => $"| {each} | it breaks | it is told | {(each == id ? tests : "not yet")} |");
        return $"Without a test so far: {(tests == "not yet" ? 50 : 49)}.\n\n{string.Join('\n', rows)}\n";
    }

    private static IEnumerable<string> Violations(string page, string source) =>
        FaultTable.Violations(new MarkdownFile(FaultTable.PagePath, page), [new SourceFile("tests/C.cs", source)]);
}
