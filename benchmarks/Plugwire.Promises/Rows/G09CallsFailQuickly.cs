using Plugwire.Hosting;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.Promises.Rows;

/// <summary>A plugin is killed with calls of all four kinds open.</summary>
internal sealed class G09CallsFailQuickly : Promise
{
    private static readonly Amount Calls = new(1000, 1000, 1000);

    private readonly Figure _time = Figure.Time("from the kill until the last has failed", 250);
    private readonly Figure _silent = Figure.None("failures without the signal, or what the plugin wrote last");

    public override string Id => "G09";

    public override string Name => "all calls fail quickly on a crash, and say of what";

    public override Amount Runs => new(3, 20, 100);

    public override IReadOnlyList<Figure> Figures => [_time, _silent];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var plugin = await stage.StartAsync(stage.Faulty(), cancellationToken);
        await plugin.CreateClient<Faults.FaultsClient>().FloodAsync(new FloodRequest { FileDescriptor = 2, Bytes = 12 }, cancellationToken: cancellationToken);
        var held = await CallLoop.HoldAsync(plugin, Calls.At(stage.Scale), cancellationToken);

        Signals.Send(plugin.ProcessId, Signals.Kill);
        _time.Add(await Waiting.MeasureAsync(() => Task.WhenAll(held)));

        var failures = await Task.WhenAll(held);
        _silent.AddEach([.. failures
            .Where(failure => failure is not PluginCallException { Reason: PluginCallReason.PluginDied, Signal: Signals.Kill, StandardErrorTail: "aaaaaaaaaaaa" })
            .Select(failure => failure?.Message ?? "a call that succeeded")]);
    }
}
