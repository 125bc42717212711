using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;

namespace Plugwire.Promises.Measuring;

/// <summary>The runs of one promise, one after the other.</summary>
internal sealed class Measurement(Promise promise)
{
    private static readonly TimeSpan ShortLimit = TimeSpan.FromSeconds(45);

    private readonly List<string> _failures = [];

    public Promise Promise => promise;

    /// <summary>How many there have been, those that failed among them.</summary>
    public int Runs { get; private set; }

    /// <summary>What the runs that failed have said.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>Makes as many runs as the scale has, but no further one once the time is over: one there is in any case.</summary>
    public async Task MeasureAsync(Scale scale, TimeSpan? time, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        for (; Runs < promise.Runs.At(scale) && (Runs == 0 || time is null || TimeProvider.System.GetElapsedTime(began) < time); Runs++)
        {
            try
            {
                await RunOnceAsync(scale, cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                _failures.Add($"run {Runs}: {failure.Message.ReplaceLineEndings(" ")}");
            }
        }
    }

    private async Task RunOnceAsync(Scale scale, CancellationToken cancellationToken)
    {
        await using var stage = new Stage(scale);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var begin = new TaskCompletionSource();
        var run = RunAsync(begin.Task, stage, limit.Token);

        // At the short scale the whole has a limit, too.
        var time = scale == Scale.Short && promise.RunLimit > ShortLimit && !promise.IsPatient ? ShortLimit : promise.RunLimit;

        // The wait has its timer before a run may count those of the host.
        var limited = run.WaitAsync(time, TimeProvider.System, cancellationToken);
        begin.SetResult();
        try
        {
            await limited;
        }
        catch (TimeoutException) when (!run.IsCompleted)
        {
            throw new TimeoutException($"it did not end within {time.TotalSeconds} s.");
        }
        finally
        {
            await limit.CancelAsync();

            // Its plugins end with the stage, and what it does with them then; its failure has been told.
            await run.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunAsync(Task begin, Stage stage, CancellationToken cancellationToken)
    {
        await begin;
        await promise.RunAsync(stage, Runs, cancellationToken);
    }
}
