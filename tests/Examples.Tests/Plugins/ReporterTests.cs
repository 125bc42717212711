using Examples.Inspection;
using Examples.Reporting;
using Google.Protobuf;
using Plugwire.Testing;

namespace Examples.Tests.Plugins;

public sealed class ReporterTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, PluginWays]
    public async Task Summarize_Findings_CountsThemByRuleAndFile(PluginWay way)
    {
        await using var harness = await PluginHarness.StartAsync<ReporterPlugin>(way, cancellationToken: Token);
        var findings = Enumerable.Range(0, 10_000).Select(line => new Finding { RuleId = $"rule/{line % 2}", Path = ByteString.CopyFromUtf8($"file {line % 3}"), Line = line + 1 });

        var summary = await harness.GetContract<IReporter>().SummarizeAsync(findings.ToAsyncEnumerable(), cancellationToken: Token);

        Assert.Equal((10_000, 3), (summary.Findings, summary.Files));
        Assert.All(summary.Rules, rule => Assert.Equal(5_000, rule.Findings));
    }
}
