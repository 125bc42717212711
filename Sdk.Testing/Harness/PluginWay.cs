namespace Plugwire.Testing;

/// <summary>A way in which a harness runs a plugin. In each of them host and plugin speak the real protocol, launch and handshake included.</summary>
public enum PluginWay
{
    /// <summary>In the test's own process, connected by memory: the fastest, and the default.</summary>
    Memory,

    /// <summary>In the test's own process, connected by a Unix domain socket.</summary>
    UnixSocket,

    /// <summary>As a process of its own, connected by a Unix domain socket: what the plugin's users have.</summary>
    Process,
}
