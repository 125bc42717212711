namespace Plugwire.ForeignPeers.Tests;

/// <summary>Go's gRPC as the distribution packages it, built from sources that are on the machine.</summary>
public sealed class GoPeer : GrpcPeer
{
    private const string Sources = "/usr/share/gocode";

    private protected override (string Program, string[] Arguments) Command => (Sockets.Of("peer"), []);

    private protected override async Task<string?> PrepareAsync()
    {
        if (Programs.Find("go") is not { } go)
            return "There is no go on this machine: Debian's package is golang-go.";
        if (!Directory.Exists(Path.Combine(Sources, "src", "google.golang.org", "grpc")))
            return "Go's gRPC is not on this machine: Debian's package is golang-google-grpc-dev.";

        var files = Directory.GetFiles(Path.Combine(Programs.Peers, "go"), "*.go");
        await PeerProgram.RunAsync(go, ["build", "-o", Sockets.Of("peer"), .. files], new Dictionary<string, string>
        {
            ["GO111MODULE"] = "off",
            ["GOPATH"] = Sources,
            ["GOFLAGS"] = "",
            ["GOCACHE"] = Sockets.Of("cache"),
        });
        return null;
    }
}
