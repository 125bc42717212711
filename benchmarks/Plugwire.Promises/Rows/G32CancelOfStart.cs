using Plugwire.Hosting;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;
using Plugwire.TestPlugins.Faulty;

namespace Plugwire.Promises.Rows;

/// <summary>A start is given up while its plugin hangs at some point, and at random moments.</summary>
internal sealed class G32CancelOfStart : Promise
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(500);
    private static readonly Func<Stage, PluginOptions>[] Starts =
    [
        stage => stage.Faulty(ProcessFault.Hang(FaultPoint.BeforeHandshake)),
        stage => stage.Faulty(),
        stage => stage.Faulty(ProcessFault.Hang(FaultPoint.DuringHandshake)),
        stage => stage.Faulty(ProcessFault.Hang(FaultPoint.AfterHandshake)),
        stage => stage.Shell("exec sleep 1000"),
        stage => stage.Shell("trap '' TERM; (setsid sleep 1000 &); while :; do sleep 1; done"),
        stage => stage.Shell("kill -STOP $$; exec sleep 1000"),
        stage => stage.Shell("yes >&2; exec sleep 1000"),
    ];

    private readonly Figure _time = Figure.Time("from the cancellation to the end of the start", 250);
    private readonly Figure _left = Figure.None("processes and files that are left");

    public override string Id => "G32";

    public override string Name => "cancelling a start is prompt";

    public override Amount Runs => new(24, 160, 1600);

    public override IReadOnlyList<Figure> Figures => [_time, _left];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var start = stage.StartAsync(Starts[run % Starts.Length](stage), patience.Token);
        await Task.WhenAny(start, Task.Delay(Longest * new Random(run).NextDouble(), TimeProvider.System, cancellationToken));
        var began = TimeProvider.System.GetTimestamp();
        await patience.CancelAsync();
        try
        {
            var plugin = await start;

            // It was faster.
            await plugin.StopAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _time.Add(TimeProvider.System.GetElapsedTime(began), $"start {run % Starts.Length}");
        }

        _left.AddEach(stage.Leftovers());
    }
}
