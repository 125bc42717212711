namespace Plugwire.Hosting;

/// <summary>Whether a plugin can have executed a call that failed: what a program must know before it makes the call again.</summary>
public enum CallExecution
{
    /// <summary>
    /// The plugin has not executed it and never will: no part of it has left the host, or the plugin has said that it has not looked at it. It may be made again.
    /// </summary>
    NotSent,

    /// <summary>The plugin may have executed it, in part or as a whole. So it is also with every call that the plugin has answered.</summary>
    MaybeExecuted,
}
