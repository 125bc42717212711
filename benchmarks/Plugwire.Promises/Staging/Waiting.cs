using Plugwire.Hosting;

namespace Plugwire.Promises.Staging;

/// <summary>Waiting for a plugin, and the time that it takes.</summary>
internal static class Waiting
{
    /// <summary>The first status, from now on, that is as wanted.</summary>
    public static async Task<PluginStatus> UntilAsync(this Plugin plugin, Func<PluginStatus, bool> condition, CancellationToken cancellationToken)
    {
        await foreach (var status in plugin.WatchStateAsync(cancellationToken))
        {
            if (condition(status))
                return status;
        }

        throw new InvalidOperationException($"It never came to that: {plugin.Status}");
    }

    /// <summary>How long something takes.</summary>
    public static async Task<TimeSpan> MeasureAsync(Func<Task> action)
    {
        var began = TimeProvider.System.GetTimestamp();
        await action();
        return TimeProvider.System.GetElapsedTime(began);
    }
}
