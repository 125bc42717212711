using Plugwire.Hosting;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;

namespace Plugwire.Promises.Rows;

/// <summary>A plugin is stopped by a signal: when it has nothing to do, and when it has as many calls as it takes.</summary>
internal sealed class G08HangIsDetected : Promise
{
    // As many as a connection takes at once.
    private const int StreamLimit = 1000;

    private readonly Figure _usual = Figure.Time("by default", 6000);
    private readonly Figure _fast = Figure.Time("asked every 250 ms, with 500 ms to answer", 1000);

    public override string Id => "G08";

    public override string Name => "a hung plugin is detected";

    public override Amount Runs => new(2, 12, 100);

    public override IReadOnlyList<Figure> Figures => [_usual, _fast];

    public override bool IsPatient => true;

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var calls = run % 2 == 0 ? 0 : StreamLimit;
        await DetectAsync(stage.Faulty(), stage, calls, _usual, cancellationToken);
        var fast = stage.Faulty();
        (fast.Health.Interval, fast.Health.Timeout) = (TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(500));
        await DetectAsync(fast, stage, calls, _fast, cancellationToken);
    }

    private static async Task DetectAsync(PluginOptions options, Stage stage, int calls, Figure figure, CancellationToken cancellationToken)
    {
        var plugin = await stage.StartAsync(options, cancellationToken);
        var held = await CallLoop.HoldAsync(plugin, calls, cancellationToken);
        var noticed = plugin.UntilAsync(status => status.State != PluginState.Ready, cancellationToken);

        figure.Add(
            await Waiting.MeasureAsync(async () =>
            {
                Signals.Send(plugin.ProcessId, Signals.Stop);
                await noticed;
            }),
            calls == 0 ? "idle" : "at the limit of streams");

        await Task.WhenAll(held);
    }
}
