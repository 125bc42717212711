namespace Plugwire.Wire.Launching;

/// <summary>The environment variables by which a host tells a plugin how to start.</summary>
internal static class LaunchVariables
{
    /// <summary>go-plugin's own variables begin with this; a host strips inherited ones.</summary>
    public const string GoPluginPrefix = "PLUGIN_";

    /// <summary>Ours begin with this; a host strips inherited ones.</summary>
    public const string PlugwirePrefix = "PLUGWIRE_";

    /// <summary>The application's protocol versions that the host speaks, decimal, separated by commas, in no order.</summary>
    public const string ProtocolVersions = "PLUGIN_PROTOCOL_VERSIONS";

    public const string MinPort = "PLUGIN_MIN_PORT";

    public const string MaxPort = "PLUGIN_MAX_PORT";

    /// <summary>Set by a go-plugin host with AutoMTLS: its certificate, in PEM.</summary>
    public const string ClientCertificate = "PLUGIN_CLIENT_CERT";

    /// <summary>The directory in which the plugin makes its sockets.</summary>
    public const string SocketDirectory = "PLUGIN_UNIX_SOCKET_DIR";

    /// <summary>The group, by name or number, that may use the plugin's sockets.</summary>
    public const string SocketGroup = "PLUGIN_UNIX_SOCKET_GROUP";

    /// <summary>Set when the host asks for go-plugin's multiplexing, and so for the seventh field of the handshake line.</summary>
    public const string Multiplex = "PLUGIN_MULTIPLEX_GRPC";

    /// <summary>A random name of this launch, inherited by all that the plugin starts. Never a secret.</summary>
    public const string LaunchId = "PLUGWIRE_LAUNCH_ID";

    /// <summary>Says by the value <see cref="LifelineStdin"/> that the end of standard input means the end of the host.</summary>
    public const string Lifeline = "PLUGWIRE_LIFELINE";

    public const string LifelineStdin = "stdin";

    /// <summary>The path of a JSON file with the plugin's settings, readable by its owner alone.</summary>
    public const string SettingsFile = "PLUGWIRE_SETTINGS_FILE";

    /// <summary>The lowest level that the plugin logs: a name of Microsoft.Extensions.Logging.LogLevel.</summary>
    public const string LogLevel = "PLUGWIRE_LOG_LEVEL";

    /// <summary>How long, in whole milliseconds, the host waits for the plugin to end after it has asked it to.</summary>
    public const string StopPatience = "PLUGWIRE_STOP_PATIENCE_MS";

    /// <summary>The cookie of applications that choose none of their own.</summary>
    public const string DefaultCookieKey = "PLUGWIRE_PLUGIN";

    public const string DefaultCookieValue = "7d1f5a8e-4c37-4b0e-9a55-started-by-a-plugwire-host";
}
