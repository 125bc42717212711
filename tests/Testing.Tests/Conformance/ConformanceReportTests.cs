using System.Xml.Linq;

namespace Plugwire.Testing.Tests.Conformance;

public sealed class ConformanceReportTests
{
    private static readonly ConformanceCase Must = new("a.must", "A must", "It must hold.", ConformanceSource.Grpc, ConformanceLevel.Must);
    private static readonly ConformanceCase Should = new("a.should", "A should", "It should hold.", ConformanceSource.Plugwire, ConformanceLevel.Should);

    [Fact]
    public void FailedMust_FailsTheRun()
    {
        var report = Report(Result(Must, ConformanceOutcome.Fail, "It does not."), Result(Should, ConformanceOutcome.Pass));

        var failure = Assert.Throws<ExpectationException>(report.EnsurePassed);

        Assert.Contains("a.must (failed): It must hold.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Found: It does not.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("1 of 2 cases", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FailedShouldAndSkip_DoNotFailTheRun()
    {
        var report = Report(Result(Must, ConformanceOutcome.Skip, "Not here."), Result(Should, ConformanceOutcome.Fail, "It does not."));

        report.EnsurePassed();

        Assert.True(report.Passed);
        Assert.Contains("fail (should)  a.should: It does not.", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ErrorOfTheHarness_FailsTheRunWhateverTheLevel()
    {
        var report = Report(Result(Should, ConformanceOutcome.HarnessError, "No such program."));

        Assert.Contains("harness error", Assert.Throws<ExpectationException>(report.EnsurePassed).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void JUnit_HasEachCaseWithItsOutcome()
    {
        var suite = Saved(Report(
            Result(Must, ConformanceOutcome.Pass),
            Result(Must with { Id = "b.fails" }, ConformanceOutcome.Fail, "First line.\nSecond \0 line."),
            Result(Must with { Id = "b.skips" }, ConformanceOutcome.Skip, "Not here."),
            Result(Must with { Id = "b.errs" }, ConformanceOutcome.HarnessError, "No such program."),
            Result(Should, ConformanceOutcome.Fail, "It does not.")));

        Assert.Equal(("5", "1", "1", "2"), (suite.Attribute("tests")!.Value, suite.Attribute("failures")!.Value, suite.Attribute("errors")!.Value, suite.Attribute("skipped")!.Value));
        Assert.Empty(Case(suite, "a.must").Elements());
        Assert.Equal("plugwire.conformance.plugin.a", Case(suite, "a.must").Attribute("classname")!.Value);
        Assert.Equal("First line.", Case(suite, "b.fails").Element("failure")!.Attribute("message")!.Value);
        Assert.Contains("Second \uFFFD line.", Case(suite, "b.fails").Element("failure")!.Value, StringComparison.Ordinal);
        Assert.Equal("Not here.", Case(suite, "b.skips").Element("skipped")!.Attribute("message")!.Value);
        Assert.NotNull(Case(suite, "b.errs").Element("error"));
        Assert.Contains("should be met, and is not", Case(suite, "a.should").Element("skipped")!.Attribute("message")!.Value, StringComparison.Ordinal);
    }

    private static ConformanceResult Result(ConformanceCase item, ConformanceOutcome outcome, string detail = "") => new(item, outcome, detail, TimeSpan.FromMilliseconds(1500));

    private static ConformanceReport Report(params ConformanceResult[] results) => new("plugin", "/bin/plugin", "2026-11", results, TimeSpan.FromSeconds(2));

    private static XElement Case(XElement suite, string id) => suite.Elements("testcase").Single(element => element.Attribute("name")!.Value == id);

    private static XElement Saved(ConformanceReport report)
    {
        var file = Path.GetTempFileName();
        try
        {
            report.SaveJUnit(file);
            return XDocument.Load(file).Root!.Element("testsuite")!;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
