namespace Plugwire.ForeignPeers.Tests;

[Trait("Peers", "grpcio")]
public sealed class PythonTests(PythonPeer peer) : GrpcPeerTests<PythonPeer>(peer);
