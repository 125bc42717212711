namespace Plugwire.Hosting;

/// <summary>The steps of a plugin's start, in their order.</summary>
public enum PluginStartStage
{
    /// <summary>The options are checked and the program to run is found.</summary>
    Resolve,

    /// <summary>The directory for the plugin's socket and temporary files is made.</summary>
    LaunchDirectory,

    /// <summary>The plugin's files are copied and compared with its manifest, when <see cref="PluginOptions.Integrity"/> says so.</summary>
    Copy,

    /// <summary>The process is started.</summary>
    Spawn,

    /// <summary>The host waits for the one line by which the plugin says where it listens.</summary>
    Handshake,

    /// <summary>The host connects to the plugin's socket.</summary>
    Connect,

    /// <summary>The host asks the plugin whether it serves.</summary>
    Check,

    /// <summary>The host compares the contracts that it asks for with what the plugin serves.</summary>
    Contracts,
}
