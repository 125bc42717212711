using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Plugwire.Hosting.Running;
using Plugwire.Hosting.Supervising;
using Plugwire.Hosting.Tests.Launching;

namespace Plugwire.Hosting.Tests.Supervising.Model;

/// <summary>A supervisor whose starts take a moment and succeed, or fail now and then.</summary>
internal sealed class RacingPlugin : IAsyncDisposable
{
    private readonly ConcurrentQueue<ScriptedRun> _runs;
    private int _starts;

    public RacingPlugin(ConcurrentQueue<ScriptedRun> runs)
    {
        _runs = runs;
        var rules = new PluginOptions();
        (rules.Restart.FirstDelay, rules.Restart.MaxDelay) = (TimeSpan.Zero, TimeSpan.Zero);
        Supervisor = new PluginSupervisor(StartAsync, new SupervisorOptions
        {
            PluginName = "subject",
            Restart = rules.Restart,
            Health = new PluginOptions { Health = { Interval = TimeSpan.FromMilliseconds(1) } }.Health,
            TimeProvider = TimeProvider.System,
            Logger = NullLogger.Instance,
        });
    }

    public PluginSupervisor Supervisor { get; }

    public async ValueTask DisposeAsync() => await Supervisor.StopAsync(CancellationToken.None).WaitAsync(Shell.Limit);

    private async Task<PluginRun> StartAsync(Action<PluginStartStage> progress, CancellationToken cancellationToken)
    {
        var start = Interlocked.Increment(ref _starts);
        foreach (var stage in Enum.GetValues<PluginStartStage>())
        {
            progress(stage);
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (start % 5 == 4)
            throw ScriptedPlugin.Failure(PluginStartReason.TimedOut);
        var run = new ScriptedRun(start);
        _runs.Enqueue(run);
        return run;
    }
}
