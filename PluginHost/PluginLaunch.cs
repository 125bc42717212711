using Plugwire.Wire.Rpc.Deferred;

namespace Plugwire.Hosting;

/// <summary>One launch of a plugin by a host, from the beginning of its start to its end. All who want the plugin share it.</summary>
internal sealed class PluginLaunch
{
    private readonly string _name;
    private readonly TaskCompletionSource _stopAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PluginLaunch(string name, Func<PluginOptions> options, PluginLaunch? previous)
    {
        _name = name;
        Started = DeferredTask.Observe(StartAsync(options, previous));
    }

    /// <summary>The start. It does not end with a caller that no longer waits for it.</summary>
    public Task<Plugin> Started { get; }

    public Plugin? Running =>
        !_stopAsked.Task.IsCompleted && Started.IsCompletedSuccessfully && Started.GetAwaiter().GetResult() is { Completion.IsCompleted: false } plugin
            ? plugin
            : null;

    /// <summary>Whether whoever wants the plugin needs another launch.</summary>
    public bool IsOver => Started.IsCompleted ? Running is null : _stopAsked.Task.IsCompleted;

    /// <summary>Gives up the start, or stops what it has started.</summary>
    public async Task StopAsync(CancellationToken patience)
    {
        _stopAsked.TrySetResult();
        await ((Task)Started).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Started.IsCompletedSuccessfully)
            await (await Started.ConfigureAwait(false)).StopAsync(patience).ConfigureAwait(false);
    }

    private async Task<Plugin> StartAsync(Func<PluginOptions> options, PluginLaunch? previous)
    {
        // The caller holds a lock.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (previous is not null)
            await previous.StopAsync(CancellationToken.None).ConfigureAwait(false);
        using var stop = new CancellationTokenSource();
        var start = Plugin.StartAsync(options(), stop.Token);
        if (await Task.WhenAny(start, _stopAsked.Task).ConfigureAwait(false) != start)
            await stop.CancelAsync().ConfigureAwait(false);
        try
        {
            return await start.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw new PluginException(_name, $"Plugin '{_name}' was stopped by its host while it was starting.");
        }
    }
}
