namespace Plugwire.ForeignPeers.Tests;

[Trait("Peers", "@grpc/grpc-js")]
public sealed class NodeTests(NodePeer peer) : GrpcPeerTests<NodePeer>(peer);
