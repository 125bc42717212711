using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;

namespace Plugwire.Promises.Rows;

/// <summary>A plugin dies and leaves descendants that have got away from it in one of five ways.</summary>
internal sealed class G06DescendantsEnd : Promise
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly string[] Escapes =
    [
        "sleep 1000 &",
        "setsid sleep 1000 &",
        "(sleep 1000 &);",
        "(setsid sleep 1000 &);",
        "(setsid sh -c '(sleep 1000 &); (setsid sleep 1000 &)' &);",
    ];

    private readonly Figure _time = Figure.Time("from the plugin's death until all are gone", 250);
    private readonly Figure _left = Figure.None("descendants that survive");

    public override string Id => "G06";

    public override string Name => "daemonized descendants are killed";

    public override Amount Runs => new(10, 50, 500);

    public override IReadOnlyList<Figure> Figures => [_left, _time];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var escape = Escapes[run % Escapes.Length];
        var plugin = await stage.StartAsync(stage.FaultyAfter(escape), cancellationToken);
        Signals.Send(plugin.ProcessId, Signals.Kill);

        _time.Add(await stage.UntilGoneAsync(Patience, cancellationToken), escape);

        await plugin.Completion.WaitAsync(cancellationToken);
        _left.AddEach(stage.Leftovers());
    }
}
