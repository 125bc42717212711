using Plugwire.Hosting;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;

namespace Plugwire.Promises.Rows;

/// <summary>A plugin dies while a child of its own holds its pipes, so that nobody sees their end.</summary>
internal sealed class G07ExitIsNoticed : Promise
{
    private readonly Figure _time = Figure.Time("from the kill until the state says so", 100);

    public override string Id => "G07";

    public override string Name => "an exit is noticed though a grandchild holds the pipes";

    public override Amount Runs => new(10, 60, 500);

    public override IReadOnlyList<Figure> Figures => [_time];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var plugin = await stage.StartAsync(stage.FaultyAfter("sleep 60 &"), cancellationToken);
        var noticed = plugin.UntilAsync(status => status.State != PluginState.Ready, cancellationToken);

        _time.Add(await Waiting.MeasureAsync(async () =>
        {
            Signals.Send(plugin.ProcessId, Signals.Kill);
            await noticed;
        }));
    }
}
