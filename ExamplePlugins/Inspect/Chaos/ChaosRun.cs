using System.Globalization;
using Examples.Inspect.Plugins;
using Examples.Inspect.Streaming;
using Examples.Inspect.Walking;
using Plugwire.Hosting;

namespace Examples.Inspect.Chaos;

/// <summary>An inspection while a monkey is among the plugins, and what it has done.</summary>
internal sealed class ChaosRun(InspectionPlugins plugins, ChaosInspection inspection, TimeProvider timeProvider)
{
    private readonly Monkey _monkey = new(plugins.InspectorPlugins, Random.Shared, timeProvider);

    /// <summary>A plugin that is to be killed so often is started again for as long as it takes, and soon, and its silence is noticed soon.</summary>
    public static void Prepare(PluginOptions options)
    {
        options.Restart.MaxRestarts = null;
        options.Restart.FirstDelay = TimeSpan.FromMilliseconds(20);
        options.Restart.MaxDelay = TimeSpan.FromMilliseconds(100);
        options.Health.Interval = TimeSpan.FromMilliseconds(100);
        options.Health.Timeout = TimeSpan.FromSeconds(1);
    }

    public async Task RunAsync(ITreeWalker walker, InspectionCounts counts, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var rage = _monkey.RageAsync(end.Token);
        try
        {
            await inspection.RunAsync(walker, counts, cancellationToken);
        }
        finally
        {
            await end.CancelAsync();
            await rage;
        }
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"chaos: {_monkey.Killed} killed, {_monkey.Frozen} frozen, {plugins.InspectorPlugins.Sum(plugin => plugin.Status.Launch - 1)} started again, {inspection.SentAgain} batches sent again");
}
