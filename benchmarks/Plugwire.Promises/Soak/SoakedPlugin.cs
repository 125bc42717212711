using Plugwire.Hosting;
using Plugwire.Promises.Staging;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.Promises.Soak;

/// <summary>One of the plugins that soak: stopped and replaced now and then, and called all the time. One mischief at a time is done to it.</summary>
internal sealed class SoakedPlugin(Stage stage, int index, CallLedger ledger) : IAsyncDisposable
{
    private volatile Plugin? _plugin;
    private volatile Kinds.KindsClient? _client;

    /// <summary>Those that have been, and should be gone.</summary>
    public List<WeakReference> Past { get; } = [];

    public Kinds.KindsClient Client => _client!;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var options = stage.Faulty($"--number={index}");
        options.Name = $"plugin {index}";
        options.Restart.Policy = PluginRestartPolicy.Always;
        options.Restart.MaxRestarts = null;
        (options.Restart.FirstDelay, options.Restart.MaxDelay) = (TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(500));
        (options.Health.Interval, options.Health.Timeout, options.Health.BusyTimeout) = (TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5));
        (options.DrainTimeout, options.TerminateTimeout, options.KillTimeout) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        var plugin = await Plugin.StartAsync(options, cancellationToken);
        (_client, _plugin) = (plugin.CreateClient<Kinds.KindsClient>(), plugin);
        Past.Add(new WeakReference(plugin));
    }

    /// <summary>Does one of the things that happen to plugins.</summary>
    /// <returns>Which.</returns>
    public async Task<string> MistreatAsync(Random random, CancellationToken cancellationToken)
    {
        var plugin = _plugin!;
        switch (random.Next(9))
        {
            case 0:
                return Signal(plugin, Signals.Kill, "kill");
            case 1:
                return Signal(plugin, Signals.Stop, "freeze");
            case 2:
                await CommandAsync(faults => faults.DieAsync(new Death { ExitCode = random.Next(3), LastWords = "enough" }, deadline: Soon).ResponseAsync);
                return "exit";
            case 3:
                await CommandAsync(faults => faults.DieAsync(new Death { UnhandledException = "nobody catches me" }, deadline: Soon).ResponseAsync);
                return "crash";
            case 4:
                await StopAsync(plugin, new CancellationToken(canceled: random.Next(2) == 0));
                await StartAsync(cancellationToken);
                return "stop and start";
            case 5:
                await RestartAsync(plugin, cancellationToken);
                return "restart";
            case 6:
                await CommandAsync(faults => faults.FloodAsync(new FloodRequest { FileDescriptor = random.Next(1, 3), Bytes = random.Next(1, 8_000_000) }, deadline: Soon).ResponseAsync);
                return "flood without a line break";
            case 7:
                await CommandAsync(async faults =>
                {
                    for (var i = 0; i < 500; i++)
                        await faults.LogAsync(new LogRequest { Level = "Information", Text = "again", Number = i }, deadline: Soon);
                });
                return "flood of log entries";
            default:
                await CommandAsync(faults => faults.StartChildAsync(new ChildRequest { OwnSession = random.Next(2) == 0 }, deadline: Soon).ResponseAsync);
                return Signal(plugin, Signals.Kill, "kill, with a child left behind");
        }
    }

    public async ValueTask DisposeAsync()
    {
        var plugin = Interlocked.Exchange(ref _plugin, null);
        _client = null;
        if (plugin is not null)
            await plugin.DisposeAsync();
    }

    private static DateTime Soon => TimeProvider.System.GetUtcNow().UtcDateTime + TimeSpan.FromSeconds(10);

    // It may have no process at the moment, which is as good.
    private static string Signal(Plugin plugin, int signal, string name)
    {
        if (plugin.Status.ProcessId is { } id)
            Signals.TrySend(id, signal);
        return name;
    }

    // That the plugin dies of it, or has no time for it, is no fault.
    private async Task CommandAsync(Func<Faults.FaultsClient, Task> command)
    {
        var number = ledger.Begin("mischief");
        try
        {
            await command(_plugin!.CreateClient<Faults.FaultsClient>());
            ledger.Succeed(number);
        }
        catch (Exception failure)
        {
            ledger.Fail(number, failure);
        }
    }

    private async Task StopAsync(Plugin plugin, CancellationToken patience)
    {
        var time = await Waiting.MeasureAsync(() => plugin.StopAsync(patience));
        if (time > TimeSpan.FromSeconds(30))
            ledger.Complain($"the stop of {plugin.Name} took {time.TotalSeconds:0.0} s of the 3 s that it has");
    }

    private async Task RestartAsync(Plugin plugin, CancellationToken cancellationToken)
    {
        try
        {
            await plugin.RestartAsync(cancellationToken).WaitAsync(TimeSpan.FromSeconds(90), TimeProvider.System, cancellationToken);
        }
        catch (PluginUnavailableException failure)
        {
            ledger.Complain($"the restart of {plugin.Name} failed: {failure.Message.ReplaceLineEndings(" ")}");
        }
        catch (TimeoutException)
        {
            ledger.Complain($"the restart of {plugin.Name} had no end within 90 s: {plugin.Status}");
        }
    }
}
