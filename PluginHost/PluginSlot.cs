namespace Plugwire.Hosting;

/// <summary>The place of one plugin in a host: at most one at a time, and the next only when the one before has ended for good.</summary>
internal sealed class PluginSlot(string name, Func<PluginOptions> options)
{
    private readonly Lock _lock = new();
    private volatile Plugin? _plugin;
    private bool _closed;

    public string Name => name;

    public PluginOptions Options => options();

    /// <summary>The plugin when it has started and has not ended for good: also between two of its launches.</summary>
    public Plugin? Started => _plugin is { IsEnding: false, FirstStart.IsCompletedSuccessfully: true } plugin ? plugin : null;

    /// <summary>Where the plugin stands; that of one which was never asked for is stopped.</summary>
    public PluginStatus Status => _plugin?.Status ?? new PluginStatus { PluginName = Name, State = PluginState.Stopped, Launch = 0 };

    /// <summary>The plugin, started by the first who asks. Waits for its first start; what follows is the plugin's own matter.</summary>
    public async Task<Plugin> GetAsync(CancellationToken cancellationToken)
    {
        if (Started is { } started)
            return started;

        var plugin = GetOrBegin();
        await plugin.FirstStart.WaitAsync(cancellationToken).ConfigureAwait(false);
        return plugin;
    }

    /// <param name="forGood">Whether the plugin may not be started again.</param>
    /// <param name="patience">Cancelled when there is no time to be gentle.</param>
    public async Task StopAsync(bool forGood, CancellationToken patience)
    {
        Plugin? plugin;
        lock (_lock)
        {
            _closed |= forGood;
            plugin = _plugin;
        }

        if (plugin is not null)
            await plugin.StopForGoodAsync(patience).ConfigureAwait(false);
    }

    private Plugin GetOrBegin()
    {
        // Before the lock: reading them may run the application's code.
        var first = _plugin is null or { IsEnding: true } ? Options.Copy() : null;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(PluginHost));
            if (_plugin is { IsEnding: false } plugin)
                return plugin;

            var previous = _plugin;
            plugin = new Plugin(first ?? Options.Copy(), options, previous?.Ended ?? Task.CompletedTask);
            _plugin = plugin;
            return plugin;
        }
    }
}
