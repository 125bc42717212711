using System.Buffers;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Http2.Hpack;

namespace Plugwire.WireTarget;

/// <summary>A request without a body, and what comes of it.</summary>
internal sealed class AskingStream(Http2Connection connection) : Http2Stream(connection)
{
    private readonly TaskCompletionSource<string> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _status = "no status";
    private long _bytes;

    /// <summary>A line for people. Never faults.</summary>
    public Task<string> Answer => _answer.Task;

    public void Ask(string authority)
    {
        var request = new OutgoingHeaders().Add(":method", "GET").Add(":scheme", "http").Add(":path", "/").Add(":authority", authority);
        if (!TrySend(request, message: null, trailers: null, endStream: true, out _))
            _answer.TrySetResult("the connection takes no request");
    }

    protected internal override void OnHeaders(HeaderList headers) => TakeStatus(headers);

    protected internal override void OnData(in ReadOnlySequence<byte> data)
    {
        _bytes += data.Length;
        Release((int)data.Length);
    }

    protected internal override void OnEndStream(HeaderList? trailers)
    {
        if (trailers is not null)
            TakeStatus(trailers);
        _answer.TrySetResult($"{_status} with {_bytes} byte{(_bytes == 1 ? "" : "s")}");
    }

    protected internal override void OnReset(Http2ErrorCode errorCode, string reason) => _answer.TrySetResult($"reset with {errorCode}: {reason}");

    protected internal override void OnConnectionLost(ConnectionLoss loss) => _answer.TrySetResult($"connection lost: {loss.Reason}");

    // A response without a body comes as trailers.
    private void TakeStatus(HeaderList headers)
    {
        if (headers.TryGet(":status", out var status))
            _status = status;
    }
}
