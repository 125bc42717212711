using System.Collections.Concurrent;
using System.Globalization;
using Plugwire.Hosting;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.Promises.Rows;

/// <summary>Starts, stops, restarts, calls, kills and disposals of a real plugin, from several threads in an order that chance makes.</summary>
internal sealed class G31RacesAreSafe : Promise
{
    private const int Threads = 4;
    private const int Steps = 8;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Figure _hangs = Figure.None("tasks that do not end within 30 s");
    private readonly Figure _errors = Figure.None("exceptions of a kind that nobody expects, and unobserved ones");
    private readonly Figure _left = Figure.None("processes and files that are left");

    public override string Id => "G31";

    public override string Name => "races of a plugin's life are safe, with real plugins";

    public override Amount Runs => new(12, 100, 2000);

    public override IReadOnlyList<Figure> Figures => [_hangs, _errors, _left];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var errors = new ConcurrentQueue<string>();
        void Note(object? sender, UnobservedTaskExceptionEventArgs arguments) => errors.Enqueue("unobserved: " + arguments.Exception.GetBaseException().Message);
        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            var options = stage.Faulty();
            (options.Restart.Policy, options.Restart.FirstDelay) = (PluginRestartPolicy.OnCrash, TimeSpan.FromMilliseconds(1));
            (options.DrainTimeout, options.TerminateTimeout) = (TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(500));
            var host = stage.Own(new PluginHost());
            host.Add("subject", options);
            var work = Enumerable.Range(0, Threads).Select(thread => Task.Run(() => RaceAsync(host, new Random((run * Threads) + thread), errors), cancellationToken)).ToArray();
            var all = Task.WhenAll(work);
            await Task.WhenAny(all, Task.Delay(Limit * Steps, TimeProvider.System, cancellationToken));
            await host.DisposeAsync().AsTask().WaitAsync(Limit, TimeProvider.System, cancellationToken);
            await all;
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }

        string[] found = [.. errors.Select(error => $"seed {run.ToString(CultureInfo.InvariantCulture)}: {error}")];
        _hangs.AddEach([.. found.Where(error => error.Contains(nameof(TimeoutException), StringComparison.Ordinal))]);
        _errors.AddEach([.. found.Where(error => !error.Contains(nameof(TimeoutException), StringComparison.Ordinal))]);
        _left.AddEach(stage.Leftovers());
    }

    private static async Task RaceAsync(PluginHost host, Random random, ConcurrentQueue<string> errors)
    {
        for (var i = 0; i < Steps; i++)
        {
            using var patience = new CancellationTokenSource();
            if (random.Next(3) == 0)
                patience.CancelAfter(TimeSpan.FromMilliseconds(random.Next(300)));
            var step = random.Next(7);
            try
            {
                await StepAsync(host, step, random, patience.Token).WaitAsync(Limit, TimeProvider.System, CancellationToken.None);
            }
            catch (Exception end) when (end is PluginException or PluginCallException || (end is OperationCanceledException && patience.IsCancellationRequested))
            {
                // What is to be expected where others stop and kill.
            }
            catch (Exception failure)
            {
                errors.Enqueue($"step {step}: {failure.GetType().Name}: {failure.Message}");
            }
        }
    }

    private static async Task StepAsync(PluginHost host, int step, Random random, CancellationToken patience)
    {
        switch (step)
        {
            case 0:
                await host.RestartAsync("subject", patience);
                break;
            case 1:
                await (await host.GetAsync("subject", patience)).StopAsync(patience);
                break;
            case 2 or 3:
                if (host.GetStatus("subject").ProcessId is { } id)
                    Signals.TrySend(id, random.Next(2) == 0 ? Signals.Kill : Signals.Stop);
                break;
            case 4:
                await (await host.GetAsync("subject", patience)).DisposeAsync();
                break;
            default:
                var deadline = TimeProvider.System.GetUtcNow().UtcDateTime + TimeSpan.FromSeconds(2);
                await host.CreateClient<Kinds.KindsClient>("subject").UnaryAsync(new Note(), deadline: deadline, cancellationToken: patience);
                break;
        }
    }
}
