namespace Plugwire.Hosting;

/// <summary>Whether, how often and how soon a plugin that has ended is started again. All of it goes by the time that has passed, never by what the clock on the wall says.</summary>
public sealed class PluginRestartOptions
{
    internal PluginRestartOptions()
    {
    }

    /// <summary>When; <see cref="PluginRestartPolicy.OnCrash"/> by default.</summary>
    public PluginRestartPolicy Policy { get; set; }

    /// <summary>
    /// How many restarts there may be until the plugin has once been healthy for <see cref="Window"/> without a break; 3 by default, null is without limit. When they are used up, the plugin
    /// is <see cref="PluginState.Quarantined"/>.
    /// </summary>
    public int? MaxRestarts { get; set; } = 3;

    /// <summary>How long a plugin must be healthy without a break for its restarts to be counted from zero again; 60 s by default.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the host waits before the first restart; 200 ms by default. Each further one waits twice as long as the one before, and each a fifth more or less, by chance.</summary>
    public TimeSpan FirstDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait before a restart, but for the fifth that chance adds; 30 s by default.</summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a plugin must be healthy without a break for its next restart to wait <see cref="FirstDelay"/> again; 5 min by default.</summary>
    public TimeSpan ForgivenAfter { get; set; } = TimeSpan.FromMinutes(5);

    internal PluginRestartOptions Copy() => (PluginRestartOptions)MemberwiseClone();
}
