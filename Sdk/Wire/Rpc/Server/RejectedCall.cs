using System.Buffers;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Http2.Hpack;

namespace Plugwire.Wire.Rpc.Server;

/// <summary>A request that nothing here serves: it is answered at once, and what it sends is passed over.</summary>
internal sealed class RejectedCall(Http2Connection connection, OutgoingHeaders answer) : Http2Stream(connection)
{
    protected internal override void OnHeaders(HeaderList headers) =>
        TrySend(answer, message: null, trailers: null, endStream: true, out _);

    protected internal override void OnData(in ReadOnlySequence<byte> data)
    {
    }

    protected internal override void OnEndStream(HeaderList? trailers)
    {
    }

    protected internal override void OnReset(Http2ErrorCode errorCode, string reason)
    {
    }

    protected internal override void OnConnectionLost(ConnectionLoss loss)
    {
    }
}
