using Plugwire.Checking;

namespace Plugwire.Contracts.Tests.Checking;

public sealed class ContractTableTests
{
    [Fact]
    public void Format_FewShortDifferences_IsAlignedAndExplained()
    {
        var text = ContractTable.Format(
            [
                new("CONTRACT002", "t.S.Watch", "rpc Watch (server stream)", "no such method"),
                new("CONTRACT007", "t.Finding.line", "int64 line = 3", "string line = 3"),
                new("CONTRACT007", "t.Finding.text", "string text = 5", "sint32 text = 5"),
            ],
            "host", "plugin");

        Assert.Equal(
            """
            rule         where           host                       plugin
            -----------  --------------  -------------------------  ---------------
            CONTRACT002  t.S.Watch       rpc Watch (server stream)  no such method
            CONTRACT007  t.Finding.line  int64 line = 3             string line = 3
            CONTRACT007  t.Finding.text  string text = 5            sint32 text = 5

            CONTRACT002: The method is not served: its calls end with Unimplemented.
            CONTRACT007: The same bytes mean another value, or none.
            """.ReplaceLineEndings("\n"),
            text);
    }

    [Fact]
    public void Format_LongTexts_AreWrappedAtDotsAndBlanksWithinTheirColumns()
    {
        var text = ContractTable.Format(
            [
                new(
                    "CONTRACT010",
                    "examples.of.a.very.long.package.name.v1.OuterMessage.InnerMessage.choice",
                    "oneof choice { first = 1, second = 2, third = 3, fourth = 4 }",
                    new string('x', 50)),
            ],
            "host", "plugin");

        Assert.Equal(
            """
            rule         where                                             host                                  plugin
            -----------  ------------------------------------------------  ------------------------------------  ------------------------------------
            CONTRACT010  examples.of.a.very.long.package.name.v1           oneof choice { first = 1, second =    xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
                         .OuterMessage.InnerMessage.choice                 2, third = 3, fourth = 4 }            xxxxxxxxxxxxxx

            CONTRACT010: One side may set fields together of which the other keeps only the last.
            """.ReplaceLineEndings("\n"),
            text);
    }

    [Fact]
    public void Format_MoreThanAnybodyReads_SaysHowManyMore()
    {
        var text = ContractTable.Format([.. Enumerable.Range(1, 60).Select(i => new ContractDifference("CONTRACT006", $"t.M.f{i}", "a", "b"))], "host", "plugin");

        Assert.Contains("t.M.f50 ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("t.M.f51", text, StringComparison.Ordinal);
        Assert.Contains("… and 10 more.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_OfThePage_AreThoseOfTheCode()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "Sdk.sln")))
            directory = directory.Parent;
        var rows = File.ReadLines(Path.Combine(directory.FullName, "docs", "contract-rules.md"))
            .Where(line => line.StartsWith("| CONTRACT", StringComparison.Ordinal)).Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .ToDictionary(cells => cells[1], cells => cells[2]);

        Assert.Equal(ContractRules.Sentences.OrderBy(rule => rule.Key), rows.OrderBy(rule => rule.Key));
    }
}
