namespace Plugwire.Hosting;

/// <summary>Where a plugin stands in its life.</summary>
/// <remarks>
/// <code>
///                      ┌──────────── restart: at once, or its time has come ───────────┐
///                      v                                                               │
///   (start) ──> Starting ──> Ready &lt;──────────&gt; Unresponsive                   BackingOff
///                  │           │  no answer / answers   │                              ^
///                  │           └── ends, or is ended ───┘                              │ restarts left
///                  │                       v                                           │
///                  │                   Draining ──> what follows? ─────────────────────┤
///                  │                       │             │                             │ none left
///                  │ given up              │ stopped     │ its own end                 v
///                  └────────> Stopped &lt;────┘        Stopped, or Faulted           Quarantined
/// </code>
/// A start that fails goes the way of a plugin that has ended. <see cref="Stopped"/> and <see cref="Faulted"/> are final; a stop leads there from everywhere.
/// </remarks>
public enum PluginState
{
    /// <summary>It is being started; <see cref="PluginStatus.StartStage"/> says how far that is.</summary>
    Starting,

    /// <summary>It can be called.</summary>
    Ready,

    /// <summary>It no longer answers the host's questions for its health. Calls go to it all the same: it may be busy.</summary>
    Unresponsive,

    /// <summary>It ends, or is being ended: calls are finished or cancelled, then its process goes, and what it has left behind.</summary>
    Draining,

    /// <summary>It has ended as was meant: stopped by its host, or by itself with exit code 0. Final.</summary>
    Stopped,

    /// <summary>It has ended otherwise and is started again after <see cref="PluginStatus.NextStartIn"/>.</summary>
    BackingOff,

    /// <summary>It has ended too often and is not started again, until <see cref="Plugin.RestartAsync"/> says so.</summary>
    Quarantined,

    /// <summary>It has ended otherwise than was meant, or cannot be started, and is not started again. Final.</summary>
    Faulted,
}
