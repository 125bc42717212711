using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Plugwire.Contracts.Analyzers.Tests.Running;

namespace Plugwire.Contracts.Analyzers.Tests.Pages;

/// <summary>What a page shows is what the analyzers say, of contracts as the generator makes them.</summary>
public sealed class DiagnosticPageTests
{
    private static readonly ImmutableArray<DiagnosticAnalyzer> All =
    [
        .. typeof(Rules).Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(DiagnosticAnalyzer))).Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    public static TheoryData<string> Ids => [.. Rules.All.Select(rule => rule.Id)];

    [Fact]
    public void Rules_AsTheyAre_HaveAnAnalyzerEach()
    {
        Assert.Equal(Rules.All.Select(rule => rule.Id).Order(), All.SelectMany(analyzer => analyzer.SupportedDiagnostics).Select(rule => rule.Id).Order());
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Page_OfARule_BearsItsTitleAndIsLinked(string id)
    {
        var rule = Rules.All.Single(rule => rule.Id == id);

        Assert.StartsWith($"# {id}: {char.ToLowerInvariant(rule.Title.ToString(null)[0])}{rule.Title.ToString(null)[1..]}\n", DiagnosticPage.Of(id).Text, StringComparison.Ordinal);
        Assert.EndsWith($"/docs/diagnostics/{id}.md", rule.HelpLinkUri, StringComparison.Ordinal);
        Assert.Contains(rule.DefaultSeverity == DiagnosticSeverity.Warning ? "*Warning." : "*Information.", DiagnosticPage.Of(id).Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void ListOfPages_NamesTheRuleWithItsSeverity(string id)
    {
        var rule = Rules.All.Single(rule => rule.Id == id);
        var title = rule.Title.ToString(null);

        Assert.Contains(
            $"| [{id}]({id}.md) | {(rule.DefaultSeverity == DiagnosticSeverity.Warning ? "warning" : "information")} | {char.ToLowerInvariant(title[0])}{title[1..]} |",
            DiagnosticPage.Of("README").Text,
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task FirstExample_OfAPage_IsReported(string id)
    {
        var reported = await ReportedAsync(id, DiagnosticPage.Of(id).Examples()[0]);

        Assert.NotEmpty(reported);
        Assert.All(reported, diagnostic => Assert.Equal(id, diagnostic));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task OtherExamples_OfAPage_AreNotReported(string id)
    {
        var others = DiagnosticPage.Of(id).Examples()[1..];

        Assert.NotEmpty(others);
        foreach (var example in others)
            Assert.Empty(await ReportedAsync(id, example));
    }

    // An example shows one thing, and leaves out of a contract what would not help to see it.
    private static async Task<string[]> ReportedAsync(string id, string example)
    {
        var compilation = SampleCompilation.OverGeneratedContracts(example);
        Assert.Empty(SampleCompilation.Complaints(compilation));
        var reported = await AnalyzerRun.OfAsync(compilation, All);
        return [.. reported.Where(diagnostic => diagnostic.Id == id || diagnostic.Severity >= DiagnosticSeverity.Warning).Select(diagnostic => diagnostic.Id)];
    }
}
