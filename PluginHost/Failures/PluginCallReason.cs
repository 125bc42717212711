namespace Plugwire.Hosting;

/// <summary>Why a call of a plugin failed. A program decides by it; <see cref="Exception.Message"/> tells a person.</summary>
public enum PluginCallReason
{
    /// <summary>The plugin answered with an error status, or reset the call: the status is its own.</summary>
    Status,

    /// <summary>The caller cancelled or disposed the call.</summary>
    Cancelled,

    /// <summary>The call's deadline passed, on the host's clock or the plugin's.</summary>
    DeadlineExceeded,

    /// <summary>The plugin, which the call was to start, did not start. The inner exception says why, as a rule a <see cref="PluginStartException"/>.</summary>
    NotStarted,

    /// <summary>The host stopped the plugin, or disposed of it.</summary>
    StoppedByHost,

    /// <summary>The plugin stops or has stopped by its own decision, in order: it takes no more calls, and waited for this one no longer if it had begun.</summary>
    StoppedByPlugin,

    /// <summary>The plugin's process ended: by a crash, a signal, or an exit that it did not announce.</summary>
    PluginDied,

    /// <summary>The connection to the plugin was lost, though its process ran; or the plugin broke the protocol.</summary>
    ConnectionLost,

    /// <summary>The plugin did not answer its host any more, which ended it.</summary>
    Unresponsive,

    /// <summary>The plugin has ended and is being started again. A call that waits for ready waits for that.</summary>
    Restarting,

    /// <summary>The plugin has ended too often and is not started again, until <see cref="Plugin.RestartAsync"/> says so.</summary>
    Quarantined,

    /// <summary>
    /// The host did not send the call, or did not take its answer: a message or metadata over a limit, one that cannot be written or read, or too many calls that wait.
    /// </summary>
    Rejected,
}
