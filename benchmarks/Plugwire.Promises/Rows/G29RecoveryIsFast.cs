using Plugwire.Hosting;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.Promises.Rows;

/// <summary>A plugin under load is killed, and called until it answers again.</summary>
internal sealed class G29RecoveryIsFast : Promise
{
    private const int Callers = 8;

    private readonly Figure _time = Figure.Time("from the kill to the first answer", 500, "160 to 240 ms of it are the wait before the first restart, by default", "the longest wait, and 250 to 300 ms until a program that the JIT compiles has started and answered; the median keeps it");

    public override string Id => "G29";

    public override string Name => "recovery is fast (a plugin that the JIT compiles)";

    public override Amount Runs => new(6, 40, 300);

    public override IReadOnlyList<Figure> Figures => [_time];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var options = stage.Faulty();
        options.Restart.Policy = PluginRestartPolicy.OnCrash;
        var plugin = await stage.StartAsync(options, cancellationToken);
        var client = plugin.CreateClient<Kinds.KindsClient>();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var load = Enumerable.Range(0, Callers).Select(_ => LoadAsync(client, over.Token)).ToArray();
        await CallLoop.TimeAsync(client, 100, cancellationToken);

        _time.Add(await Waiting.MeasureAsync(async () =>
        {
            Signals.Send(plugin.ProcessId, Signals.Kill);

            // The first may still be answered by the one that dies.
            await plugin.UntilAsync(status => status.Launch == 2, cancellationToken);
            await client.UnaryAsync(new Note(), new Grpc.Core.CallOptions(cancellationToken: cancellationToken).WithWaitForReady());
        }));

        await over.CancelAsync();
        await Task.WhenAll(load);
    }

    private static async Task LoadAsync(Kinds.KindsClient client, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            var failure = await CallLoop.FailureAsync(client.UnaryAsync(new Note(), cancellationToken: over).ResponseAsync);
            if (failure is not null)
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
