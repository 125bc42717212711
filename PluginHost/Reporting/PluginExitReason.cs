namespace Plugwire.Hosting;

/// <summary>Why a plugin has ended.</summary>
public enum PluginExitReason
{
    /// <summary>The host stopped it, or disposed of it.</summary>
    Stopped,

    /// <summary>It ended by itself with exit code 0.</summary>
    Exited,

    /// <summary>It ended by itself with another exit code, or by a signal.</summary>
    Crashed,

    /// <summary>Its process lived, but a connection to it was lost, and the host ended it.</summary>
    Disconnected,

    /// <summary>Its process lived and did not answer, or did not serve, for longer than <see cref="PluginOptions.Health"/> allows, and the host ended it.</summary>
    Unresponsive,

    /// <summary>The host itself failed while it looked after the plugin, and ended it; the log has the error.</summary>
    HostFailed,
}
