using Plugwire.Hosting;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;

namespace Plugwire.Promises.Rows;

/// <summary>A plugin that ends each time it has started.</summary>
internal sealed class G28StormIsContained : Promise
{
    private const int MostStarts = 4;
    private const int MostPercent = 5;
    private const int MostLines = 20;

    private static readonly Amount Seconds = new(15, 60, 60);

    private readonly Figure _starts = Figure.AtMost("starts", "", MostStarts, "the first, and three restarts");
    private readonly Figure _processor = Figure.AtMost("processor time of the host", "%", MostPercent);
    private readonly Figure _lines = Figure.AtMost("lines in the log", "", MostLines);

    public override string Id => "G28";

    public override string Name => "a storm of restarts is contained";

    public override Amount Runs => new(1, 1, 5);

    public override IReadOnlyList<Figure> Figures => [_starts, _processor, _lines];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var options = stage.Faulty();
        options.Restart.Policy = PluginRestartPolicy.OnCrash;
        var plugin = await stage.StartAsync(options, cancellationToken);
        var (began, before) = (TimeProvider.System.GetTimestamp(), ProcessFiles.ProcessorTime(Environment.ProcessId));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        over.CancelAfter(TimeSpan.FromSeconds(Seconds.At(stage.Scale)));

        try
        {
            await foreach (var status in plugin.WatchStateAsync(over.Token))
            {
                if (status is { State: PluginState.Ready, ProcessId: { } id })
                    Signals.TrySend(id, Signals.Kill);
            }
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        _starts.Add(plugin.Status.Launch, plugin.Status.ToString());
        _processor.Add((ProcessFiles.ProcessorTime(Environment.ProcessId) - before) / TimeProvider.System.GetElapsedTime(began) * 100);
        _lines.Add(stage.Log.Count);
        if (plugin.State != PluginState.Quarantined)
            throw new InvalidOperationException($"It is not in quarantine: {plugin.Status}");
    }
}
