namespace Plugwire.Hosting;

/// <summary>
/// How a host watches whether its plugin still answers: by <c>grpc.health.v1</c>, on the control connection, which no load of calls can block. Nothing of it has consequences while a debugger
/// is attached to the plugin.
/// </summary>
public sealed class PluginHealthOptions
{
    internal PluginHealthOptions()
    {
    }

    /// <summary>How long after an answer the host asks again; 2 s by default. <see cref="Timeout.InfiniteTimeSpan"/> never asks.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the plugin may take to answer until it is <see cref="PluginState.Unresponsive"/>; 3 s by default.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long an unresponsive plugin may stay so when its process uses the processor, and so may be busy rather than frozen; 30 s by default. One whose process is stopped or only waits is
    /// ended when <see cref="Timeout"/> has passed.
    /// </summary>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether the host ends a plugin that stays unresponsive; true by default. It is killed, since it would not listen to anything else, and <see cref="PluginRestartOptions.Policy"/> says what follows.
    /// When false, the state is all there is, until it answers again.
    /// </summary>
    public bool EndsUnresponsive { get; set; } = true;

    /// <summary>
    /// How long a plugin may answer that it does not serve until the host ends it, as it does one that does not answer; null, the default, is for ever: it knows what it waits for.
    /// </summary>
    public TimeSpan? NotServingTimeout { get; set; }

    /// <summary>
    /// How many handlers may run on in the plugin though their calls are over until the host ends it, as it does one that does not answer: they hold memory and locks, and never give them back. Null, the default, is without
    /// limit. <see cref="PluginStatus.DeafHandlers"/> tells how many there are.
    /// </summary>
    public int? MaxDeafHandlers { get; set; }

    internal PluginHealthOptions Copy() => (PluginHealthOptions)MemberwiseClone();
}
