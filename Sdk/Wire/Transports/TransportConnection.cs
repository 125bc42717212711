namespace Plugwire.Wire.Transports;

/// <summary>
/// One duplex byte stream between two processes. Reading returns 0 once the peer has closed its side; disposing ends the pending
/// reads and writes of both sides.
/// </summary>
/// <param name="stream">Owned by the connection from here on.</param>
/// <param name="remoteAddress">For people: the socket's path, or the name of a memory listener.</param>
/// <param name="peer">Null where the operating system does not tell.</param>
internal sealed class TransportConnection(Stream stream, string remoteAddress, PeerProcess? peer = null) : IAsyncDisposable
{
    public Stream Stream { get; } = stream;

    public string RemoteAddress { get; } = remoteAddress;

    public PeerProcess? Peer { get; } = peer;

    /// <summary>What has been read of the stream already, to find out who has connected; it comes before what the stream has yet to give.</summary>
    public ReadOnlyMemory<byte> Received { get; init; }

    public ValueTask DisposeAsync() => Stream.DisposeAsync();

    public override string ToString() => Peer is { } peer ? $"{RemoteAddress} (process {peer.ProcessId}, user {peer.UserId})" : RemoteAddress;
}
