using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Http2.Hpack;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Fuzzing;

/// <summary>Looks at what a side of ours says to a peer that says anything: it keeps to HTTP/2 all the same.</summary>
internal sealed class OutputCheck(bool ofClient)
{
    private const int HeaderLength = 9;
    private const int LongestFrame = 64 * 1024;

    private readonly HpackDecoder _decoder = new(HpackDecoder.DefaultTableSize, maxHeaderListSize: 1024 * 1024);
    private readonly HeaderList _headers = new();
    private readonly HashSet<int> _ended = [];
    private readonly ConcurrentDictionary<ulong, TaskCompletionSource> _pings = new();
    private readonly List<byte> _block = [];
    private bool _prefaceSeen = !ofClient;
    private int _blockOf;
    private bool _isOver;

    /// <summary>Ends when a PING of this value has been answered.</summary>
    public Task WhenAnswered(ulong value) => Pong(value).Task;

    /// <summary>Takes the whole frames at the beginning of <paramref name="bytes"/>.</summary>
    /// <exception cref="FuzzException">They are wrong.</exception>
    public void Take(ref ReadOnlySequence<byte> bytes)
    {
        if (!_prefaceSeen)
        {
            if (bytes.Length < Raw.Preface.Length)
                return;
            Require(bytes.Slice(0, Raw.Preface.Length).ToArray().AsSpan().SequenceEqual(Raw.Preface), "A client begins with something else than the preface.");
            bytes = bytes.Slice(Raw.Preface.Length);
            _prefaceSeen = true;
        }

        while (bytes.Length >= HeaderLength)
        {
            var header = bytes.Slice(0, HeaderLength).ToArray();
            var length = (header[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(1));
            Require(length <= LongestFrame, $"A frame of {length} bytes was sent.");
            if (bytes.Length < HeaderLength + length)
                return;

            Take(new RawFrame(header[3], header[4], BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)), bytes.Slice(HeaderLength, length).ToArray()));
            bytes = bytes.Slice(HeaderLength + length);
        }
    }

    private void Take(RawFrame frame)
    {
        Require(frame.StreamId >= 0 && frame.Type <= RawFrame.Continuation, $"What was sent is no frame: {frame}.");
        Require(!_isOver, $"{frame} was sent behind the last GOAWAY.");
        Require(_blockOf == 0 || (frame.Type == RawFrame.Continuation && frame.StreamId == _blockOf), $"{frame} was sent within a header block.");
        Require(!(frame.Type is RawFrame.Data or RawFrame.Headers && _ended.Contains(frame.StreamId)), $"{frame} was sent behind the stream's end.");
        switch (frame.Type)
        {
            case RawFrame.Headers or RawFrame.Continuation:
                _blockOf = frame.StreamId;
                _block.AddRange(frame.Payload);
                if ((frame.Flags & RawFrame.EndHeaders) != 0)
                    EndBlock();
                break;
            case RawFrame.Ping when frame.IsAck:
                Pong(BinaryPrimitives.ReadUInt64BigEndian(frame.Payload)).TrySetResult();
                break;
            case RawFrame.GoAway:
                _isOver = frame.ErrorCode != Http2ErrorCode.NoError;
                break;
            case RawFrame.Reset:
                _ended.Add(frame.StreamId);
                break;
        }

        if (frame.Ends)
            _ended.Add(frame.StreamId);
    }

    private void EndBlock()
    {
        try
        {
            _decoder.Decode(_block.ToArray(), _headers);
        }
        catch (HpackException exception)
        {
            throw new FuzzException($"A header block was sent that cannot be read: {exception.Message}");
        }

        _block.Clear();
        _blockOf = 0;
    }

    private TaskCompletionSource Pong(ulong value) => _pings.GetOrAdd(value, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    private static void Require(bool holds, string violation)
    {
        if (!holds)
            throw new FuzzException(violation);
    }
}
