namespace Plugwire.ForeignPeers.Tests;

/// <summary>grpcio.</summary>
public sealed class PythonPeer : GrpcPeer
{
    private protected override (string Program, string[] Arguments) Command => (Programs.Python, [Path.Combine(Programs.Peers, "python", "peer.py")]);

    private protected override Task<string?> PrepareAsync() =>
        TryAsync(Programs.Python, ["-c", "import grpc, google.protobuf"], $"{Programs.Python} cannot import grpc: Debian's package is python3-grpcio.");
}
