namespace Plugwire.Hosting;

/// <summary>One launch of a plugin by a host, from the beginning of its start to its end. All who want the plugin share it.</summary>
internal sealed class PluginLaunch
{
    private readonly string _name;

    // Neither a timer nor a link: nothing to dispose of.
    private readonly CancellationTokenSource _stopped = new();

    public PluginLaunch(string name, Func<PluginOptions> options, PluginLaunch? previous)
    {
        _name = name;
        Started = StartAsync(options, previous);
    }

    /// <summary>The start. It does not end with a caller that no longer waits for it.</summary>
    public Task<Plugin> Started { get; }

    public Plugin? Running =>
        !_stopped.IsCancellationRequested && Started.IsCompletedSuccessfully && Started.GetAwaiter().GetResult() is { Completion.IsCompleted: false } plugin
            ? plugin
            : null;

    /// <summary>Whether whoever wants the plugin needs another launch.</summary>
    public bool IsOver => Started.IsCompleted ? Running is null : _stopped.IsCancellationRequested;

    /// <summary>Gives up the start, or stops what it has started.</summary>
    public async Task StopAsync(CancellationToken patience)
    {
        await _stopped.CancelAsync().ConfigureAwait(false);
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
        try
        {
            return await Plugin.StartAsync(options(), _stopped.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
            throw new PluginException(_name, $"Plugin '{_name}' was stopped by its host while it was starting.");
        }
    }
}
