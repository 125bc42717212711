using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;

namespace Plugwire.Promises.Rows;

/// <summary>Plugins are started from threads of the pool, which then have nothing to do and end.</summary>
internal sealed class G02ThreadEnded : Promise
{
    // The pool lets a thread go that has had nothing to do for 20 s.
    private static readonly Amount IdleSeconds = new(25, 60, 60);
    private static readonly Amount Plugins = new(4, 10, 50);

    private readonly Figure _dead = Figure.None("plugins that have ended");

    public override string Id => "G02";

    public override string Name => "no plugin dies because a thread of its host ended";

    public override Amount Runs => new(1, 1, 1);

    public override IReadOnlyList<Figure> Figures => [_dead];

    public override bool IsPatient => true;

    public override TimeSpan RunLimit => TimeSpan.FromMinutes(5);

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var plugins = await Task.WhenAll(Enumerable.Range(0, Plugins.At(stage.Scale)).Select(_ => Task.Run(() => stage.StartAsync(stage.Faulty(), cancellationToken), cancellationToken)));

        await Task.Delay(TimeSpan.FromSeconds(IdleSeconds.At(stage.Scale)), TimeProvider.System, cancellationToken);

        foreach (var plugin in plugins)
            _dead.AddEach(plugin.Completion.IsCompleted ? [(await plugin.Completion).ToString()] : []);
    }
}
