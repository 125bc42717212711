using Examples.Inspect.Streaming;
using Examples.Inspect.Walking;
using Examples.Inspection;
using Plugwire.Hosting;

namespace Examples.Inspect.Chaos;

/// <summary>
/// The inspection for plugins that may end at any moment: files go in batches, one call each and inspector, and findings count when the call has ended well. A batch whose plugin ended is sent again to the
/// next launch, by the same contract.
/// </summary>
internal sealed class ChaosInspection(IReadOnlyList<NamedInspector> inspectors, IReadOnlyList<IFindingSink> sinks, Action<TreeEntry>? onSkipped)
{
    /// <summary>How many batches were sent again.</summary>
    public int SentAgain { get; private set; }

    public async Task RunAsync(ITreeWalker walker, InspectionCounts counts, CancellationToken cancellationToken)
    {
        while (Batch.Next(walker) is { } batch)
        {
            using (batch)
            {
                var answers = await Task.WhenAll(inspectors.Select((inspector, index) => InspectAsync(inspector, batch, index == 0 ? onSkipped : null, cancellationToken)));
                counts.Add(answers[0].Counts);
                foreach (var (_, findings, attempts) in answers)
                {
                    SentAgain += attempts - 1;
                    foreach (var finding in findings)
                    {
                        counts.AddFinding();
                        foreach (var sink in sinks)
                            await sink.WriteAsync(finding, cancellationToken);
                    }
                }
            }
        }
    }

    private static async Task<Answer> InspectAsync(NamedInspector inspector, Batch batch, Action<TreeEntry>? onSkipped, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (counts, findings, skipped) = (new InspectionCounts(), new HeldFindings(), new List<TreeEntry>());
            try
            {
                using var walker = batch.Walk();
                await new TreeInspection([inspector], [findings], skipped.Add).RunAsync(walker, counts, cancellationToken);
                foreach (var entry in onSkipped is null ? [] : skipped)
                    onSkipped!(entry);
                return new Answer(counts, findings.Findings, attempt);
            }
            catch (InspectException failure) when (IsTheEndOfALaunch(failure.InnerException))
            {
                // The next call waits until the plugin is ready again.
            }
        }
    }

    private static bool IsTheEndOfALaunch(Exception? cause) => cause is PluginCallException
    {
        Reason: PluginCallReason.PluginDied or PluginCallReason.ConnectionLost or PluginCallReason.Unresponsive or PluginCallReason.Restarting,
    };

    private readonly record struct Answer(InspectionCounts Counts, IReadOnlyList<Finding> Findings, int Attempts);

    /// <summary>What a call has found so far, which is nothing until it has ended well.</summary>
    private sealed class HeldFindings : IFindingSink
    {
        public List<Finding> Findings { get; } = [];

        public Task WriteAsync(Finding finding, CancellationToken cancellationToken)
        {
            Findings.Add(finding);
            return Task.CompletedTask;
        }
    }
}
