using Examples.Inspect.Chaos;
using Examples.Inspect.Plugins;
using Examples.Inspect.Reporting;
using Examples.Inspect.Sarif;
using Examples.Inspect.Streaming;
using Examples.Inspect.Walking;
using Examples.Inspect.Watching;
using Examples.Inspect.Words;
using Examples.Inspection;

namespace Examples.Inspect;

/// <summary>The job from end to end; every step is a folder.</summary>
internal sealed class InspectJob(InspectOptions options, Output output, TimeProvider timeProvider)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var tree = SourceTree.At(options.Directory);
        await using var plugins = await InspectionPlugins.StartAsync(new WordRules(options.Words), options.Watch, options.Chaos ? ChaosRun.Prepare : null, cancellationToken);
        var rules = await plugins.DescribeRulesAsync(cancellationToken);

        // Begun before the tree is walked: what changes meanwhile is not missed.
        await using var watch = plugins.Watcher is { } watcher ? await TreeWatch.BeginAsync(watcher, tree, timeProvider, cancellationToken) : null;

        var counts = new InspectionCounts();
        var summary = await InspectTreeAsync(tree, plugins, rules, counts, cancellationToken);
        SummaryTables.Print(output, summary, counts);

        if (watch is not null)
            await watch.RunAsync(plugins.Inspectors, output);
    }

    private async Task<Summary> InspectTreeAsync(SourceTree tree, InspectionPlugins plugins, IReadOnlyList<Rule> rules, InspectionCounts counts, CancellationToken cancellationToken)
    {
        await using var sarif = options.SarifPath is null ? null : SarifFile.Create(options.SarifPath, rules, tree.Root);
        tree.OutputFile = sarif?.CurrentPath;
        await using var reporter = plugins.BeginReport(cancellationToken);
        using var walker = tree.Walk();

        IFindingSink[] sinks = sarif is null ? [reporter] : [reporter, sarif];
        Action<TreeEntry>? onSkipped = options.Verbose ? output.WriteSkipped : null;
        var chaos = options.Chaos ? new ChaosRun(plugins, new ChaosInspection(plugins.Inspectors, sinks, onSkipped), timeProvider) : null;
        var progress = output.CreateProgress(tree, timeProvider);
        await progress.ShowAsync(
            counts,
            token => chaos is null ? new TreeInspection(plugins.Inspectors, sinks, onSkipped).RunAsync(walker, counts, token) : chaos.RunAsync(walker, counts, token),
            cancellationToken);
        if (chaos is not null)
            await Console.Error.WriteLineAsync(chaos.ToString());

        var summary = await reporter.CompleteAsync();
        if (sarif is not null)
        {
            await sarif.CompleteAsync(cancellationToken);
            tree.OutputFile = sarif.CurrentPath;
        }

        return summary;
    }
}
