using Grpc.Core;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Http2.Hpack;
using Plugwire.Wire.Rpc;
using Plugwire.Wire.Rpc.Messages;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>The receiving side of a stream whose reader is held up between taking a message from the queue and giving its bytes back.</summary>
internal sealed class SlowTaker(Http2Connection connection)
    : RpcStream<byte[]>(connection, Marshallers.Create<byte[]>(static bytes => bytes, static bytes => bytes), maxReceiveMessageSize: null)
{
    private readonly Queue<ReceivedMessage<byte[]>> _outOfTheQueue = new();

    public Signal SecondCame { get; } = new();

    protected override bool HasReadAll => true;

    public void TakeFirst() => Take(_outOfTheQueue.Dequeue());

    protected internal override void OnHeaders(HeaderList headers)
    {
    }

    protected internal override void OnEndStream(HeaderList? trailers) =>
        TrySend(RawPeer.Response(("grpc-status", "0")), message: null, trailers: null, endStream: true, out _);

    protected internal override void OnReset(Http2ErrorCode errorCode, string reason)
    {
    }

    protected internal override void OnConnectionLost(ConnectionLoss loss)
    {
    }

    protected override void OnMessage(in ReceivedMessage<byte[]> message)
    {
        _outOfTheQueue.Enqueue(message);
        if (_outOfTheQueue.Count == 2 || message.WireSize > 500_000)
            SecondCame.Set();
    }

    protected override void OnUnreadable(in Status status)
    {
    }

    // The test takes messages by itself.
    public override Task<bool> MoveNextAsync(RpcStreamReader<byte[]> reader, CancellationToken cancellationToken) => throw new NotSupportedException();

    public override bool TryTakeNext(RpcStreamReader<byte[]> reader) => throw new NotSupportedException();
}
