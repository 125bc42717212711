using System.Text;
using Plugwire.Wire.Launching;

namespace Plugwire.Testing.Faults.Handshakes;

/// <summary>What a program prints in place of a handshake, and does then.</summary>
/// <param name="Output">With <see cref="Address"/> and <see cref="Version"/> in their places.</param>
/// <param name="Ending">What it does then.</param>
internal sealed record HandshakeScript(byte[] Output, HandshakeEnding Ending = HandshakeEnding.Stay)
{
    /// <summary>Stands for the path of a socket in the launch directory.</summary>
    public const string Address = "{address}";

    /// <summary>Stands for a protocol version that the host speaks.</summary>
    public const string Version = "{version}";

    /// <summary>The name of the socket in the launch directory.</summary>
    public const string SocketName = "plugin.sock";

    private const string GoodCore = "1";

    public int ExitCode { get; init; }

    /// <summary>How many letters follow the output, without a line break.</summary>
    public int Filler { get; init; }

    /// <summary>Whether there is a socket at the address, at which nobody listens.</summary>
    public bool HasDeadSocket { get; init; }

    /// <summary>A line as a handshake has it, but for what is named.</summary>
    public static string Line(string core = GoodCore, string version = Version, string network = HandshakeLine.Unix, string address = Address, string protocol = HandshakeLine.Grpc) =>
        $"{core}|{version}|{network}|{address}|{protocol}|\n";

    public static HandshakeScript Of(string output, HandshakeEnding ending = HandshakeEnding.Stay) => new(Encoding.UTF8.GetBytes(output), ending);
}
