using Plugwire.Hosting;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.Promises.Rows;

/// <summary>Plugins that do all they can not to be stopped.</summary>
internal sealed class G03StopIsBounded : Promise
{
    private static readonly TimeSpan Rung = TimeSpan.FromMilliseconds(300);
    private static readonly Shape[] Shapes =
    [
        new("handler that heeds nothing", stage => stage.Faulty("--drain=600"), HoldAsync),
        new("terminate signal ignored", stage => stage.Faulty("--deaf=signals")),
        new("stopped by a signal", stage => stage.Faulty(), Freeze),
        new("forks as fast as it can", stage => stage.FaultyAfter("sh -c 'trap \"\" TERM; while :; do sleep 5 & sleep 0.01; done' &")),
        new("grandchild in a session of its own holds the pipes", stage => stage.FaultyAfter("setsid sleep 1000 &"), Freeze),
        new("pipes always full", stage => stage.FaultyAfter("yes >&2 &"), Freeze),
    ];

    private readonly Figure _over = Figure.Time("over the sum of the budgets", 500);
    private readonly Figure _left = Figure.None("processes and files that are left");

    public override string Id => "G03";

    public override string Name => "Stop is bounded whatever the plugin does";

    public override Amount Runs => new(6, 48, 1200);

    public override IReadOnlyList<Figure> Figures => [_over, _left];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var shape = Shapes[run % Shapes.Length];
        var options = shape.Make(stage);
        (options.DrainTimeout, options.TerminateTimeout, options.KillTimeout) = (Rung, Rung, Rung);
        var plugin = await stage.StartAsync(options, cancellationToken);
        using var call = plugin.CreateClient<Kinds.KindsClient>().UnaryAsync(new Note { Hold = Hold.ForGood }, cancellationToken: cancellationToken);
        if (shape.Prepare is not null)
            await shape.Prepare(plugin, call.ResponseHeadersAsync);

        var time = await Waiting.MeasureAsync(() => plugin.StopAsync(CancellationToken.None));

        _over.Add(Math.Max(0, (time - (3 * Rung)).TotalMilliseconds), $"{shape.Name}: {time.TotalMilliseconds:0} ms in all");
        _left.AddEach(stage.Leftovers());
    }

    private static Task HoldAsync(Plugin plugin, Task handlerRuns) => handlerRuns;

    private static async Task Freeze(Plugin plugin, Task handlerRuns)
    {
        await handlerRuns;
        Signals.Send(plugin.ProcessId, Signals.Stop);
    }

    private sealed record Shape(string Name, Func<Stage, PluginOptions> Make, Func<Plugin, Task, Task>? Prepare = null);
}
