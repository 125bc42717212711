using System.Buffers;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Http2.Hpack;

namespace Plugwire.WireTarget;

/// <summary>Reads a request to its end, and answers it with 200 and one byte.</summary>
internal sealed class AnsweringStream(Http2Connection connection) : Http2Stream(connection)
{
    protected internal override void OnHeaders(HeaderList headers)
    {
    }

    protected internal override void OnData(in ReadOnlySequence<byte> data) => Release((int)data.Length);

    protected internal override void OnEndStream(HeaderList? trailers)
    {
        var body = new OutputBuffer();
        body.Write("1"u8);

        // The stream may have ended meanwhile: then there is nobody to answer.
        TrySend(new OutgoingHeaders().Add(":status", "200").Add("content-length", "1"), body, trailers: null, endStream: true, out _);
    }

    protected internal override void OnReset(Http2ErrorCode errorCode, string reason)
    {
    }

    protected internal override void OnConnectionLost(ConnectionLoss loss)
    {
    }
}
