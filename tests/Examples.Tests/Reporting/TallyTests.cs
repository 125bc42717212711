using System.Globalization;
using Examples.Inspection;
using Examples.Reporting;
using Google.Protobuf;
using Grpc.Core;

namespace Examples.Tests.Reporting;

public sealed class TallyTests
{
    [Fact]
    public void ToSummary_NoFindings_IsEmpty()
    {
        var summary = new Tally().ToSummary();

        Assert.Equal(0, summary.Findings);
        Assert.Equal(0, summary.Files);
        Assert.Empty(summary.Rules);
        Assert.Empty(summary.WorstFiles);
    }

    [Fact]
    public void ToSummary_TwoInspectorsFarApart_CountsEachFileOnce()
    {
        const int Files = 50_000;
        const int Apart = 20_000;
        var tally = new Tally();
        for (var i = 0; i < Files + Apart; i++)
        {
            if (i < Files)
                tally.Add(Finding("todo/todo", $"file {i}"));
            if (i >= Apart)
                tally.Add(Finding("secret/token", $"file {i - Apart}"));
        }

        var summary = tally.ToSummary();

        Assert.Equal(2 * Files, summary.Findings);
        Assert.Equal(Files, summary.Files);
        Assert.Equal([("secret/token", Files, Files), ("todo/todo", Files, Files)], summary.Rules.Select(rule => (rule.RuleId, (int)rule.Findings, (int)rule.Files)));
        Assert.All(summary.WorstFiles, file => Assert.Equal(2, file.Findings));
    }

    [Fact]
    public void ToSummary_RandomFindingsOfFewFiles_EqualsTheNaiveCount()
    {
        var random = new Random(3);
        var findings = Enumerable.Range(0, 20_000).Select(_ => Finding($"rule {random.Next(5)}", $"file {random.Next(1, 100) * random.Next(1, 100)}")).ToList();
        var tally = new Tally();
        findings.ForEach(tally.Add);

        var summary = tally.ToSummary();

        var byFile = findings.GroupBy(finding => finding.Path.ToStringUtf8()).ToList();
        Assert.Equal(byFile.Count, summary.Files);
        Assert.Equal(
            byFile.OrderByDescending(file => file.Count()).ThenBy(file => file.Key, StringComparer.Ordinal).Take(10).Select(file => (file.Key, file.Count())),
            summary.WorstFiles.Select(file => (file.Path.ToStringUtf8(), (int)file.Findings)));
        Assert.Equal(
            findings.GroupBy(finding => finding.RuleId).OrderByDescending(rule => rule.Count()).Select(rule => (rule.Key, rule.Count(), rule.DistinctBy(finding => finding.Path).Count())),
            summary.Rules.Select(rule => (rule.RuleId, (int)rule.Findings, (int)rule.Files)));
    }

    [Fact]
    public void Add_ManyFilesWithLongPaths_KeepsABoundedNumber()
    {
        const int Files = 300_000;
        var tally = new Tally();
        var folder = new string('d', 1000);
        var paths = new WeakReference[Files];
        for (var i = 0; i < Files; i++)
        {
            var finding = Finding("todo/todo", folder + i.ToString(CultureInfo.InvariantCulture));
            paths[i] = new WeakReference(finding.Path);
            tally.Add(finding);
        }

        // Counted one by one: how much memory the process has is other tests' doing, too.
        GC.Collect();
        var kept = paths.Count(path => path.IsAlive);

        Assert.InRange(kept, 1, 2 * RecentFiles.GenerationPathBytes / folder.Length + WorstFiles.Count);
        Assert.Equal(Files, tally.ToSummary().Files);
    }

    [Fact]
    public void Add_RulesWithoutEnd_AreRefused()
    {
        var tally = new Tally();
        for (var i = 0; i < Tally.MaxRules; i++)
            tally.Add(Finding($"rule {i}", "file"));

        var refusal = Assert.Throws<RpcException>(() => tally.Add(Finding("one more", "file")));
        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
        Assert.Equal("Finding 65 brings in the rule 'one more': the reporter adds up at most 64 rules in one call.", refusal.Status.Detail);
        Assert.Equal(StatusCode.InvalidArgument, Assert.Throws<RpcException>(() => tally.Add(Finding("", "file"))).StatusCode);
    }

    private static Finding Finding(string rule, string path) => new() { RuleId = rule, Path = ByteString.CopyFromUtf8(path) };
}
