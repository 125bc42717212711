using System.Buffers;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Http2.Hpack;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>A stream that sends what a test says, in either role, and keeps what comes. It gives nothing back to its window.</summary>
internal sealed class RawStream(Http2Connection connection) : Http2Stream(connection)
{
    private readonly TaskCompletionSource<IReadOnlyDictionary<string, string>> _headers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<IReadOnlyDictionary<string, string>> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Http2ErrorCode> _reset = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The header list that began the peer's side.</summary>
    public Task<IReadOnlyDictionary<string, string>> HeadersAsync() => _headers.Task.WaitAsync(RpcPair.Limit);

    /// <summary>The trailers, or a response of trailers alone; empty when the peer ended without.</summary>
    public Task<IReadOnlyDictionary<string, string>> EndAsync() => _end.Task.WaitAsync(RpcPair.Limit);

    public Task<Http2ErrorCode> ResetAsync() => _reset.Task.WaitAsync(RpcPair.Limit);

    /// <summary>Sends bytes as they are; answers whether the stream is still there.</summary>
    public bool Send(OutgoingHeaders? headers = null, byte[]? data = null, OutgoingHeaders? trailers = null, bool endStream = false)
    {
        OutputBuffer? message = null;
        if (data is not null)
        {
            message = new OutputBuffer();
            message.Write(data);
        }

        return TrySend(headers, message, trailers, endStream || trailers is not null, out _);
    }

    /// <summary>Sends bytes as the peer's window lets them through. Ends with the last of them.</summary>
    public Task SendThroughAsync(OutgoingHeaders headers, byte[] data)
    {
        var message = new OutputBuffer();
        message.Write(data);
        Assert.True(TrySend(headers, message, trailers: null, endStream: false, out var sent));
        return sent.WaitAsync(RpcPair.Limit);
    }

    protected internal override void OnHeaders(HeaderList headers) => _headers.TrySetResult(Copy(headers));

    protected internal override void OnData(in ReadOnlySequence<byte> data)
    {
    }

    protected internal override void OnEndStream(HeaderList? trailers) => _end.TrySetResult(trailers is null ? new Dictionary<string, string>() : Copy(trailers));

    protected internal override void OnReset(Http2ErrorCode errorCode, string reason) => _reset.TrySetResult(errorCode);

    protected internal override void OnConnectionLost(ConnectionLoss loss)
    {
        Fail(_headers);
        Fail(_end);
        Fail(_reset);

        void Fail<T>(TaskCompletionSource<T> source)
        {
            if (source.TrySetException(new IOException(loss.Reason)))
                _ = source.Task.Exception;
        }
    }

    private static Dictionary<string, string> Copy(HeaderList headers)
    {
        var copy = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in headers.Fields)
            copy[name] = value;
        return copy;
    }
}
