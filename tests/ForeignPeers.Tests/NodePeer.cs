namespace Plugwire.ForeignPeers.Tests;

/// <summary>@grpc/grpc-js.</summary>
public sealed class NodePeer : GrpcPeer
{
    private protected override (string Program, string[] Arguments) Command => (Programs.Find("node")!, [Path.Combine(Programs.Peers, "node", "peer.js")]);

    private protected override Task<string?> PrepareAsync() => Task.FromResult(
        Programs.Find("node") is null ? "There is no node on this machine: Debian's package is nodejs."
        : !Directory.Exists(Path.Combine(Programs.NodePackages, "@grpc", "grpc-js")) ? "@grpc/grpc-js is not installed: run `npm ci` in tests/ForeignPeers.Tests/Peers/node."
        : null);
}
