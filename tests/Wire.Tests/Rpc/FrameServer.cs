using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Tests.Http2.Peer;
using Plugwire.Wire.Transports;
using Plugwire.Wire.Transports.Memory;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>A client of ours whose server is the test, frame by frame. Its failed calls throw <see cref="FailedCall"/>.</summary>
internal sealed class FrameServer : IAsyncDisposable
{
    private readonly RpcClientConnection _connection;

    private FrameServer(Http2.Peer.RawPeer peer, ProbeStream transport, RpcClientConnection connection)
    {
        Peer = peer;
        Transport = transport;
        _connection = connection;
        Client = new Echo.EchoClient(connection.CallInvoker);
    }

    public Http2.Peer.RawPeer Peer { get; }

    /// <summary>The client's end.</summary>
    public ProbeStream Transport { get; }

    public RpcClientConnection Connection => _connection;

    public Echo.EchoClient Client { get; }

    public static async Task<FrameServer> StartAsync(Func<RpcClientOptions>? options = null, params byte[] settings)
    {
        var (near, far) = MemoryTransport.CreatePair();
        var transport = new ProbeStream(near.Stream);
        var peer = new Http2.Peer.RawPeer(far.Stream);
        var connecting = RpcClientConnection.ConnectAsync(new TransportConnection(transport, "probe"), options?.Invoke() ?? Options(), CancellationToken.None);
        await peer.SendAsync(settings.Length > 0 ? settings : Raw.Settings(), Raw.SettingsAck);
        var server = new FrameServer(peer, transport, await connecting.WaitAsync(RpcPair.Limit));
        await peer.Stream.ReadExactlyAsync(new byte[Raw.Preface.Length]).AsTask().WaitAsync(RpcPair.Limit);
        await peer.FenceAsync();
        return server;
    }

    public static RpcClientOptions Options(TimeProvider? clock = null) => new()
    {
        TimeProvider = clock ?? TimeProvider.System,
        CreateException = static failure => new FailedCall(failure),
    };

    /// <summary>Waits until the client's next call has come, header list and all.</summary>
    public async Task<int> ReceiveCallAsync() => (await Peer.NextAsync(RawFrame.Headers)).StreamId;

    public async ValueTask DisposeAsync()
    {
        await Peer.DisposeAsync();
        Transport.LetWrites();
        await _connection.DisposeAsync().AsTask().WaitAsync(RpcPair.Limit);
    }
}
