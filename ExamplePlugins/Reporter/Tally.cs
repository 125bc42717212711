using Examples.Inspection;
using Grpc.Core;

namespace Examples.Reporting;

/// <summary>
/// Adds findings up in bounded memory: the totals of each rule, and the files that were seen lately. A file is retired,
/// that is counted and forgotten, once <see cref="RecentFiles"/> other files were seen since, so the totals by file are
/// exact as long as the findings of one file come no farther apart than that.
/// </summary>
internal sealed class Tally
{
    public const int MaxRules = 64;
    public const int MaxRuleIdLength = 256;

    private readonly Dictionary<string, RuleTotal> _rules = new(StringComparer.Ordinal);
    private readonly List<RuleTotal> _ruleOrder = [];
    private readonly WorstFiles _worst = new();
    private readonly RecentFiles _recent;
    private long _findings;
    private long _files;

    public Tally() => _recent = new RecentFiles(Retire);

    public void Add(Finding finding)
    {
        var rule = FindRule(finding.RuleId);
        _findings++;
        rule.Findings++;

        var file = _recent.Touch(finding.Path);
        file.Findings++;
        file.Rules |= 1UL << rule.Index;
    }

    public Summary ToSummary()
    {
        _recent.RetireAll();
        var summary = new Summary { Findings = _findings, Files = _files };
        summary.Rules.AddRange(_ruleOrder
            .OrderByDescending(rule => rule.Findings)
            .ThenBy(rule => rule.Id, StringComparer.Ordinal)
            .Select(rule => new RuleCount { RuleId = rule.Id, Findings = rule.Findings, Files = rule.Files }));
        summary.WorstFiles.AddRange(_worst.ToList().Select(file => new FileCount { Path = file.Path, Findings = file.Findings }));
        return summary;
    }

    private RuleTotal FindRule(string id)
    {
        if (_rules.TryGetValue(id, out var known))
            return known;
        if (id.Length is 0 or > MaxRuleIdLength)
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"Finding {_findings + 1} has a rule id of {id.Length} characters: between 1 and {MaxRuleIdLength} are expected."));
        if (_ruleOrder.Count == MaxRules)
            throw new RpcException(new Status(StatusCode.ResourceExhausted, $"Finding {_findings + 1} brings in the rule '{id}': the reporter adds up at most {MaxRules} rules in one call."));

        var rule = new RuleTotal(id, _ruleOrder.Count);
        _rules.Add(id, rule);
        _ruleOrder.Add(rule);
        return rule;
    }

    private void Retire(FileTotal file)
    {
        _files++;
        foreach (var rule in _ruleOrder)
        {
            if ((file.Rules >> rule.Index & 1) != 0)
                rule.Files++;
        }

        _worst.Offer(file);
    }

    private sealed class RuleTotal(string id, int index)
    {
        public string Id { get; } = id;

        public int Index { get; } = index;

        public long Findings { get; set; }

        public long Files { get; set; }
    }
}
