using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.Promises.Rows;

/// <summary>A plugin that has been called and has nothing more to do is stopped.</summary>
internal sealed class G04StopIsFast : Promise
{
    private readonly Figure _time = Figure.UsualTime("stop", 100);
    private readonly Figure _codes = Figure.None("exit codes other than 0");

    public override string Id => "G04";

    public override string Name => "Stop of a well-behaved plugin is fast";

    public override Amount Runs => new(12, 100, 1000);

    public override IReadOnlyList<Figure> Figures => [_time, _codes];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var plugin = await stage.StartAsync(stage.Faulty(), cancellationToken);
        await plugin.CreateClient<Kinds.KindsClient>().UnaryAsync(new Note(), cancellationToken: cancellationToken);

        _time.Add(await Waiting.MeasureAsync(() => plugin.StopAsync(cancellationToken)));

        var exit = await plugin.Completion;
        _codes.AddEach(exit.ExitCode == 0 ? [] : [exit.ToString()]);
    }
}
