using Plugwire.Hosting;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;

namespace Plugwire.Promises.Rows;

/// <summary>A plugin ends before its handshake.</summary>
internal sealed class G11EarlyExit : Promise
{
    private readonly Figure _time = Figure.Time("from the start to its failure", 100, "with the time of the spawn itself");
    private readonly Figure _wrong = Figure.None("failures that say something else");

    public override string Id => "G11";

    public override string Name => "an early exit is no timeout";

    public override Amount Runs => new(30, 200, 1000);

    public override IReadOnlyList<Figure> Figures => [_time, _wrong];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        PluginStartException? failure = null;
        _time.Add(await Waiting.MeasureAsync(async () =>
        {
            try
            {
                await stage.StartAsync(stage.Shell("echo 'no paper' >&2; exit 7"), cancellationToken);
            }
            catch (PluginStartException exception)
            {
                failure = exception;
            }
        }));

        _wrong.AddEach(failure is { Reason: PluginStartReason.ExitedEarly, ExitCode: 7, StandardErrorTail: "no paper\n" } ? [] : [failure?.Message ?? "it started"]);
    }
}
