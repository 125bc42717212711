using System.Threading.Channels;
using Examples.Inspect.Walking;
using Examples.Inspection;

namespace Examples.Inspect.Streaming;

/// <summary>
/// Streams files through all inspectors at once:
/// <code>
///   walker ─▶ FileSender ─┬▶ inspector ─┬▶ findings ─▶ sinks
///                         └▶ inspector ─┘
/// </code>
/// Everything between is bounded: whoever is slow slows down what comes before it.
/// </summary>
internal sealed class TreeInspection(IReadOnlyList<NamedInspector> inspectors, IReadOnlyList<IFindingSink> sinks, Action<TreeEntry>? onSkipped)
{
    private const int FindingsInFlight = 256;

    /// <summary>Ends when every sink has taken every finding. The first failure ends everything and is thrown.</summary>
    public async Task RunAsync(ITreeWalker walker, InspectionCounts counts, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var findings = Channel.CreateBounded<Finding>(new BoundedChannelOptions(FindingsInFlight) { SingleReader = true });
        var calls = inspectors.Select(inspector => new InspectorCall(inspector, findings.Writer, stop.Token)).ToArray();
        await TaskGroup.WhenAllAsync(
        [
            Task.Run(() => SendAsync(walker, calls, counts, stop.Token), stop.Token),
            ReadAsync(calls, findings.Writer, stop),
            WriteAsync(findings.Reader, counts, stop.Token),
        ], stop);
    }

    private async Task SendAsync(ITreeWalker walker, InspectorCall[] calls, InspectionCounts counts, CancellationToken cancellationToken)
    {
        var sender = new FileSender(calls, counts);
        while (walker.MoveNext(out var entry))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (entry.Skip is null)
                entry = await sender.SendAsync(walker, entry, cancellationToken);
            if (entry.Skip is { } reason)
            {
                counts.AddSkipped(reason);
                onSkipped?.Invoke(entry);
            }
        }

        foreach (var call in calls)
            call.Complete();
    }

    private static async Task ReadAsync(InspectorCall[] calls, ChannelWriter<Finding> findings, CancellationTokenSource stop)
    {
        await TaskGroup.WhenAllAsync(calls.Select(call => call.Reading), stop);
        findings.Complete();
    }

    private async Task WriteAsync(ChannelReader<Finding> findings, InspectionCounts counts, CancellationToken cancellationToken)
    {
        await foreach (var finding in findings.ReadAllAsync(cancellationToken))
        {
            counts.AddFinding();
            foreach (var sink in sinks)
                await sink.WriteAsync(finding, cancellationToken);
        }
    }
}
