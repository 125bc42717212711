using Examples.Inspect.Streaming;

namespace Examples.Inspect.Reporting;

/// <summary>A plain line now and then.</summary>
internal sealed class ProgressLines(Output output, TimeProvider timeProvider) : IProgressDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    public async Task ShowAsync(InspectionCounts counts, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        var running = work(cancellationToken);
        using var timer = new PeriodicTimer(Interval, timeProvider);
        using var ended = new CancellationTokenSource();
        var lines = WriteLinesAsync(counts, timer, ended.Token);
        try
        {
            await running;
        }
        finally
        {
            await ended.CancelAsync();
            await lines;
        }
    }

    private async Task WriteLinesAsync(InspectionCounts counts, PeriodicTimer timer, CancellationToken ended)
    {
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
                output.WriteLine($"{Output.Count(counts.Files, "file")}, {Output.Count(counts.Findings, "finding")}");
        }
        catch (OperationCanceledException)
        {
            // The work has ended.
        }
    }
}
