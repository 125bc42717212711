using System.Text;
using Plugwire.Wire.Launching;

namespace Plugwire.Launching;

/// <summary>The one line that tells the host where the plugin listens, and the choice of the version that stands in it.</summary>
internal static class Handshake
{
    /// <summary>
    /// The protocol version to serve. What is unreadable in the host's list is told and skipped. Without a version in common the plugin serves all the same, for the
    /// host refuses it; but only the plugin knows all that it could have served, so it says so.
    /// </summary>
    public static int ChooseVersion(LaunchContext launch, IReadOnlyCollection<int> served)
    {
        var host = ProtocolVersions.Parse(launch.Variable(LaunchVariables.ProtocolVersions), out var unreadable);
        foreach (var item in unreadable)
            launch.Tell($"[WARN] The host offers the protocol version '{item}' ({LaunchVariables.ProtocolVersions}), which is no number; the plugin skips it.");
        var chosen = ProtocolVersions.Choose(host, served);
        if (!host.Contains(chosen))
            launch.Tell($"[ERROR] Host and plugin have no protocol version in common: the host speaks {List(host)}, the plugin {List(served)}.");
        return chosen;
    }

    /// <summary>Writes the line. From then on the host may dial.</summary>
    /// <exception cref="LaunchRefusedException">Nobody reads the plugin's standard output.</exception>
    public static void Write(LaunchContext launch, int version, string address)
    {
        // Hosts from before the multiplexing field would take it for part of the certificate, so it is there only when asked for.
        var multiplex = string.IsNullOrEmpty(launch.Variable(LaunchVariables.Multiplex)) ? (bool?)null : false;
        var line = new HandshakeLine(HandshakeLine.CurrentCoreVersion, version, HandshakeLine.Unix, address, HandshakeLine.Grpc, Multiplex: multiplex);
        if (!launch.WriteHandshake(Encoding.UTF8.GetBytes(line.Format() + "\n")))
            throw new LaunchRefusedException("The host closed the plugin's standard output before the plugin could say where it listens.");
    }

    private static string List(IReadOnlyCollection<int> versions) => versions.Count == 0 ? "none" : string.Join(", ", versions.Order());
}
