using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.Promises.Rows;

/// <summary>Ten times as many calls as a connection takes wait, and processes of the plugin's group use all processors there are.</summary>
internal sealed class G17SupervisionGoesOn : Promise
{
    private const int Pending = 10_000;
    private const int Questions = 50;

    private readonly Figure _time = Figure.Time("answer to the question for its health", 250);

    public override string Id => "G17";

    public override string Name => "load never starves supervision";

    public override Amount Runs => new(1, 3, 20);

    public override IReadOnlyList<Figure> Figures => [_time];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var burn = string.Concat(Enumerable.Repeat("sh -c 'while :; do :; done' & ", Environment.ProcessorCount));
        var plugin = await stage.StartAsync(stage.FaultyAfter(burn), cancellationToken);
        var client = plugin.CreateClient<Kinds.KindsClient>();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var calls = Enumerable.Range(0, Pending).Select(_ => CallLoop.FailureAsync(client.UnaryAsync(new Note { Hold = Hold.UntilCancelled }, cancellationToken: over.Token).ResponseAsync)).ToArray();

        for (var i = 0; i < Questions; i++)
            _time.Add(await Waiting.MeasureAsync(() => plugin.CheckHealthAsync(cancellationToken)));

        await over.CancelAsync();
        await Task.WhenAll(calls);
    }
}
