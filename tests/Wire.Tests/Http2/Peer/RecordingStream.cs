using System.Buffers;
using System.Threading.Channels;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Http2.Hpack;

namespace Plugwire.Wire.Tests.Http2.Peer;

/// <summary>A stream that writes down, as a line each, what the connection tells it.</summary>
internal sealed class RecordingStream(Http2Connection connection) : Http2Stream(connection)
{
    private readonly Channel<string> _events = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _kept;

    /// <summary>Whether what comes is given back at once, as by a reader that keeps up.</summary>
    public bool Reads { get; set; } = true;

    /// <summary>Ends when the connection has told something.</summary>
    public Task Begun => _begun.Task;

    /// <summary>Ends when the peer has ended its side.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Whether something has come that has not been given back.</summary>
    public bool HasKept => Volatile.Read(ref _kept) > 0;

    /// <summary>Runs on the read loop, with each event.</summary>
    public Action<string>? Told { get; set; }

    public static OutgoingHeaders RequestHeaders { get; } = new OutgoingHeaders()
        .Add(":method", "POST").Add(":scheme", "http").Add(":path", "/a/b").Add(":authority", "here");

    public static OutgoingHeaders ResponseHeaders { get; } = new OutgoingHeaders().Add(":status", "200");

    public static OutgoingHeaders EndHeaders { get; } = new OutgoingHeaders().Add("grpc-status", "0");

    public async Task<string> NextAsync() => await _events.Reader.ReadAsync().AsTask().WaitAsync(RawPeer.Limit);

    public async Task ExpectAsync(params string[] lines)
    {
        foreach (var line in lines)
            Assert.Equal(line, await NextAsync());
    }

    /// <summary>What has been told and not been asked for.</summary>
    public IReadOnlyList<string> Rest()
    {
        var rest = new List<string>();
        while (_events.Reader.TryRead(out var line))
            rest.Add(line);
        return rest;
    }

    public bool Send(out Task sent, OutgoingHeaders? headers = null, int? length = null, OutgoingHeaders? trailers = null, bool endStream = false)
    {
        OutputBuffer? message = null;
        if (length is { } count)
        {
            message = new OutputBuffer();
            message.Write(new byte[count]);
        }

        return TrySend(headers, message, trailers, endStream, out sent);
    }

    public bool Send(OutgoingHeaders? headers = null, int? length = null, OutgoingHeaders? trailers = null, bool endStream = false) =>
        Send(out _, headers, length, trailers, endStream);

    public void Cancel(Http2ErrorCode errorCode = Http2ErrorCode.Cancel) => Reset(errorCode);

    /// <summary>Gives back what has been kept so far.</summary>
    public void ReadKept() => Release(Interlocked.Exchange(ref _kept, 0));

    public void Allow(int length) => AllowMessage(length);

    protected internal override void OnHeaders(HeaderList headers) => Tell($"headers {Describe(headers)}");

    protected internal override void OnData(in ReadOnlySequence<byte> data)
    {
        var length = (int)data.Length;
        if (Reads)
            Release(length);
        else
            Interlocked.Add(ref _kept, length);
        Tell($"data {length}");
    }

    protected internal override void OnEndStream(HeaderList? trailers) => Tell(trailers is null ? "end" : $"end {Describe(trailers)}");

    protected internal override void OnReset(Http2ErrorCode errorCode, string reason) => Tell($"reset {errorCode}");

    protected internal override void OnConnectionLost(ConnectionLoss loss) =>
        Tell($"lost {loss.ErrorCode?.ToString() ?? "transport"}{(loss.NotProcessed ? " not processed" : "")}");

    private static string Describe(HeaderList headers) =>
        headers.IsTooLarge ? "too large" : string.Join(' ', headers.Fields.ToArray().Select(field => $"{field.Name}={field.Value}"));

    private void Tell(string line)
    {
        _events.Writer.TryWrite(line);
        _begun.TrySetResult();
        if (line.StartsWith("end", StringComparison.Ordinal))
            _ended.TrySetResult();
        Told?.Invoke(line);
    }
}
