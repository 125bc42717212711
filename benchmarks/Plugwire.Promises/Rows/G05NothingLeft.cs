using Plugwire.Hosting;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.Promises.Rows;

/// <summary>Plugins end in all ways, and the host is as before.</summary>
internal sealed class G05NothingLeft : Promise
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly Func<Stage, CancellationToken, Task>[] Lives =
    [
        StopAsync,
        KillAsync,
        FreezeAndDisposeAsync,
        FailToStartAsync,
        GiveUpAsync,
        RestartAsync,
    ];

    private readonly Figure _host = Figure.None("descriptors, threads, children and timers of the host");
    private readonly Figure _outside = Figure.None("processes, directories and sockets");

    // What the first of each kind brings to life in a process, stays.
    private bool _isWarm;

    public override string Id => "G05";

    public override string Name => "nothing is left behind";

    public override Amount Runs => new(12, 100, 600);

    public override IReadOnlyList<Figure> Figures => [_host, _outside];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        if (!_isWarm)
            await Lives[0](stage, cancellationToken);
        _isWarm = true;
        var before = HostFootprint.Take();

        await Lives[run % Lives.Length](stage, cancellationToken);

        _host.AddEach(await before.GrowthAsync(Patience, cancellationToken));
        _outside.AddEach(stage.Leftovers());
    }

    private static async Task StopAsync(Stage stage, CancellationToken cancellationToken)
    {
        await using var plugin = await Plugin.StartAsync(stage.Faulty(), cancellationToken);
        await plugin.CreateClient<Kinds.KindsClient>().UnaryAsync(new Note(), cancellationToken: cancellationToken);
    }

    private static async Task KillAsync(Stage stage, CancellationToken cancellationToken)
    {
        await using var plugin = await Plugin.StartAsync(stage.FaultyAfter("(setsid sleep 1000 &);"), cancellationToken);
        var held = await CallLoop.HoldAsync(plugin, 8, cancellationToken);
        Signals.Send(plugin.ProcessId, Signals.Kill);
        await Task.WhenAll(held);
        await plugin.Completion;
    }

    private static async Task FreezeAndDisposeAsync(Stage stage, CancellationToken cancellationToken)
    {
        var options = stage.Faulty();
        (options.DrainTimeout, options.TerminateTimeout) = (TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(200));
        await using var plugin = await Plugin.StartAsync(options, cancellationToken);
        Signals.Send(plugin.ProcessId, Signals.Stop);
    }

    private static async Task FailToStartAsync(Stage stage, CancellationToken cancellationToken)
    {
        try
        {
            await using var plugin = await Plugin.StartAsync(stage.Shell("(setsid sleep 1000 &); echo nonsense; exec sleep 1000"), cancellationToken);
        }
        catch (PluginStartException failure) when (failure.Reason == PluginStartReason.BadHandshake)
        {
            // As is meant.
        }
    }

    private static async Task GiveUpAsync(Stage stage, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        try
        {
            await using var plugin = await Plugin.StartAsync(stage.Shell("exec sleep 1000"), patience.Token);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static async Task RestartAsync(Stage stage, CancellationToken cancellationToken)
    {
        var options = stage.Faulty();
        (options.Restart.Policy, options.Restart.FirstDelay) = (PluginRestartPolicy.OnCrash, TimeSpan.FromMilliseconds(1));
        await using var plugin = await Plugin.StartAsync(options, cancellationToken);
        Signals.Send(plugin.ProcessId, Signals.Kill);
        await plugin.UntilAsync(status => status is { State: PluginState.Ready, Launch: 2 }, cancellationToken);
    }
}
