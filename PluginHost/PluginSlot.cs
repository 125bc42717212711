namespace Plugwire.Hosting;

/// <summary>The place of one plugin in a host: at most one launch at a time, and the next only when the one before has ended.</summary>
internal sealed class PluginSlot(string name, Func<PluginOptions> options)
{
    private readonly Lock _lock = new();
    private volatile PluginLaunch? _launch;
    private bool _closed;

    public string Name => name;

    public PluginOptions Options => options();

    /// <summary>The plugin when it can be called at this moment.</summary>
    public Plugin? Running => _launch?.Running;

    public async Task<Plugin> GetAsync(CancellationToken cancellationToken)
    {
        if (Running is { } running)
            return running;

        PluginLaunch launch;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(PluginHost));
            if (_launch is null or { IsOver: true })
                _launch = new PluginLaunch(name, options, _launch);
            launch = _launch;
        }

        return await launch.Started.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <param name="forGood">Whether the plugin may not be started again.</param>
    /// <param name="patience">Cancelled when there is no time to be gentle.</param>
    public async Task StopAsync(bool forGood, CancellationToken patience)
    {
        PluginLaunch? launch;
        lock (_lock)
        {
            _closed |= forGood;
            launch = _launch;
        }

        if (launch is not null)
            await launch.StopAsync(patience).ConfigureAwait(false);
    }
}
