using Plugwire.Hosting;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.Promises.Rows;

/// <summary>Many plugins are started at once, called, half of them killed, and all stopped.</summary>
internal sealed class G35ManyAtOnce : Promise
{
    private static readonly Amount Plugins = new(20, 100, 100);

    private readonly Figure _start;
    private readonly Figure _stop;
    private readonly Figure _left = Figure.None("processes and files that are left");

    public G35ManyAtOnce(Scale scale)
    {
        Name = $"{Plugins.At(scale)} plugins at once";
        _start = Figure.Time("until all are ready", 60_000);
        _stop = Figure.Time("until all are stopped", 10_000);
    }

    public override string Id => "G35";

    public override string Name { get; }

    public override Amount Runs => new(1, 1, 3);

    public override IReadOnlyList<Figure> Figures => [_start, _stop, _left];

    public override TimeSpan RunLimit => TimeSpan.FromMinutes(5);

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var host = stage.Own(new PluginHost());
        for (var i = 0; i < Plugins.At(stage.Scale); i++)
            host.Add($"plugin {i}", stage.Faulty());

        _start.Add(await Waiting.MeasureAsync(() => host.StartAllAsync(cancellationToken)));
        var plugins = await Task.WhenAll(host.Names.Select(name => host.GetAsync(name, cancellationToken)));
        await Task.WhenAll(plugins.Select(plugin => plugin.CreateClient<Kinds.KindsClient>().UnaryAsync(new Note(), cancellationToken: cancellationToken).ResponseAsync));
        foreach (var plugin in plugins.Where((_, index) => index % 2 == 0))
            Signals.Send(plugin.ProcessId, Signals.Kill);
        _stop.Add(await Waiting.MeasureAsync(() => host.StopAllAsync(cancellationToken)));

        _left.AddEach(stage.Leftovers());
    }
}
