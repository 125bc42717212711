using Examples.Inspect.Streaming;
using Examples.Inspect.Walking;
using Spectre.Console;

namespace Examples.Inspect.Reporting;

/// <summary>A progress bar, for a terminal. How many names there are is counted beside the work: until then the bar only moves.</summary>
internal sealed class ProgressBarDisplay(IAnsiConsole console, SourceTree tree, TimeProvider timeProvider) : IProgressDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    public async Task ShowAsync(InspectionCounts counts, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask("inspecting");
                bar.IsIndeterminate = true;
                var total = Task.Run(() => CountNames(ended.Token), CancellationToken.None);
                var running = work(cancellationToken);
                using var timer = new PeriodicTimer(Interval, timeProvider);
                try
                {
                    while (!running.IsCompleted)
                    {
                        Show(bar, counts, total);
                        var tick = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
                        if (await Task.WhenAny(running, tick) == running)
                            break;
                    }

                    await running;
                }
                finally
                {
                    await ended.CancelAsync();
                    await total;
                }

                Show(bar, counts, total);
                bar.IsIndeterminate = false;
                bar.Value = bar.MaxValue;
            });
    }

    private static void Show(ProgressTask bar, InspectionCounts counts, Task<long?> total)
    {
        bar.Description = $"{Output.Count(counts.Files, "file")}, {Output.Count(counts.Findings, "finding")}";
        if (total is not { IsCompletedSuccessfully: true })
            return;
#pragma warning disable RS0030 // The task has ended: nothing is blocked.
        var names = total.Result;
#pragma warning restore RS0030
        if (names is null)
            return;
        bar.IsIndeterminate = false;
        bar.MaxValue = Math.Max(1, names.Value);
        bar.Value = Math.Min(bar.MaxValue, counts.Files + counts.Skipped);
    }

    /// <summary>How many names the walk will give out; null when the work ended first.</summary>
    private long? CountNames(CancellationToken ended)
    {
        using var walker = tree.Walk();
        var names = 0L;
        while (walker.MoveNext(out _))
        {
            if (ended.IsCancellationRequested)
                return null;
            names++;
        }

        return names;
    }
}
