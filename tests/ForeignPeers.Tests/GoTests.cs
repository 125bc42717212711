namespace Plugwire.ForeignPeers.Tests;

[Trait("Peers", "grpc-go")]
public sealed class GoTests(GoPeer peer) : GrpcPeerTests<GoPeer>(peer);
