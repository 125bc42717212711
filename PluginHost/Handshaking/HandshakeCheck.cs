using System.Globalization;
using Plugwire.Hosting.Failures;
using Plugwire.Wire.Launching;

namespace Plugwire.Hosting.Handshaking;

/// <summary>Whether a handshake offers what this host can use. Each field that does not is refused by a sentence of its own.</summary>
internal static class HandshakeCheck
{
    // go-plugin's own rule: its first versions put something else there.
    private const int ShortestCertificate = 51;

    private const string LanguageAdvice = "Serve gRPC: in Go by setting GRPCServer in the plugin's ServeConfig and implementing GRPCPlugin.";

    /// <summary>Null when the handshake is acceptable. The address is judged by the launch directory.</summary>
    public static HandshakeRefusal? Refuse(HandshakeLine line, IReadOnlyList<int> hostVersions) =>
        RefuseCore(line) ?? RefuseVersion(line, hostVersions) ?? RefuseProtocol(line) ?? RefuseNetwork(line) ?? RefuseExtras(line);

    private static HandshakeRefusal? RefuseCore(HandshakeLine line) => line.CoreVersion == HandshakeLine.CurrentCoreVersion
        ? null
        : new HandshakeRefusal(
            PluginStartReason.UnsupportedProtocol,
            Invariant($"version {HandshakeLine.CurrentCoreVersion} of the launch protocol."),
            Invariant($"the plugin speaks version {line.CoreVersion} of it."),
            "Build the plugin with a library that speaks version 1 of go-plugin's launch protocol; there is no other.");

    private static HandshakeRefusal? RefuseVersion(HandshakeLine line, IReadOnlyList<int> hostVersions)
    {
        if (hostVersions.Contains(line.ApplicationVersion))
            return null;

        var ours = string.Join(", ", hostVersions.Order().Select(version => version.ToString(CultureInfo.InvariantCulture)));
        return new HandshakeRefusal(
            PluginStartReason.VersionMismatch,
            $"one of the protocol versions that this host speaks: {ours}.",
            Invariant($"the plugin speaks none of these; it offers version {line.ApplicationVersion}."),
            line.ApplicationVersion > hostVersions.Max() ? "The plugin is newer than the host: upgrade the host, or install an older plugin."
            : line.ApplicationVersion < hostVersions.Min() ? "The plugin is older than the host: upgrade the plugin."
            : "Install a version of the plugin that was made for this host.");
    }

    private static HandshakeRefusal? RefuseProtocol(HandshakeLine line) => line.Protocol switch
    {
        HandshakeLine.Grpc => null,
        HandshakeLine.NetRpc => new HandshakeRefusal(
            PluginStartReason.UnsupportedProtocol, "the protocol 'grpc'.", "the plugin speaks 'netrpc', which only Go programs understand.", LanguageAdvice),
        var other => new HandshakeRefusal(
            PluginStartReason.UnsupportedProtocol, "the protocol 'grpc'.", $"the plugin names the protocol {Quote(other)}.", LanguageAdvice),
    };

    private static HandshakeRefusal? RefuseNetwork(HandshakeLine line) => line.Network switch
    {
        HandshakeLine.Unix => null,
        HandshakeLine.Tcp => new HandshakeRefusal(
            PluginStartReason.UnsupportedProtocol,
            "a Unix domain socket.",
            $"the plugin listens on TCP, at {Quote(line.Address)}, where every user of this machine could connect.",
            "Let the plugin listen on a Unix domain socket in the directory that PLUGIN_UNIX_SOCKET_DIR names."),
        var other => new HandshakeRefusal(
            PluginStartReason.UnsupportedProtocol,
            "a Unix domain socket, which a handshake calls 'unix'.",
            $"the plugin names the network {Quote(other)}.",
            "Let the plugin listen on a Unix domain socket in the directory that PLUGIN_UNIX_SOCKET_DIR names."),
    };

    private static HandshakeRefusal? RefuseExtras(HandshakeLine line)
    {
        if (line.Certificate.Length >= ShortestCertificate)
        {
            return new HandshakeRefusal(
                PluginStartReason.UnsupportedProtocol,
                "a connection without TLS: the socket's directory is this user's alone.",
                "the plugin sent a certificate that this host did not ask for, so it will not answer without TLS.",
                "Do not set PLUGIN_CLIENT_CERT in the plugin's environment, nor TLS in the plugin.");
        }

        return line.Multiplex is true
            ? new HandshakeRefusal(
                PluginStartReason.UnsupportedProtocol,
                "one HTTP/2 connection on each connection to the socket.",
                "the plugin multiplexes its connections, which this host did not ask for.",
                "Do not set PLUGIN_MULTIPLEX_GRPC in the plugin's environment.")
            : null;
    }

    private static string Quote(string value) => $"'{PrintableText.Of(value)}'";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
