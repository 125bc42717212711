using Plugwire.Wire.Http2;
using Plugwire.Wire.Launching;

namespace Plugwire.Testing.Faults.Wire;

/// <summary>
/// Walks through one direction of a connection and says where frames and gRPC messages begin and end. What is no HTTP/2 is walked through all the same: the scanner judges nothing, and holds
/// nothing up.
/// </summary>
internal sealed class WireScanner
{
    // A stream that the other side has reset may leave half a message behind: with so many the oldest are forgotten.
    private const int MostHalfMessages = 1024;

    private readonly byte[] _header = new byte[FrameHeader.Size];
    private readonly Dictionary<int, MessageProgress> _messages = [];
    private bool _begun;
    private bool _hasSeenFrame;
    private bool _inHeaderBlock;
    private int _prefaceLeft;
    private int _headerLength;
    private FrameHeader _frame;
    private int _payloadLeft;
    private int _padding;
    private bool _paddingIsNext;

    /// <summary>Whether a frame may be put in here: behind the first, SETTINGS, and not within the frames of one header list.</summary>
    public bool IsBetweenFrames => _hasSeenFrame && _headerLength == 0 && _payloadLeft == 0 && !_inHeaderBlock;

    /// <param name="bytes">What comes next; at least one byte.</param>
    /// <returns>As many of them as belong together.</returns>
    public WireStep Next(ReadOnlySpan<byte> bytes)
    {
        if (!_begun)
        {
            _begun = true;
            _prefaceLeft = LengthOfPreface(bytes[0]);
        }

        if (_prefaceLeft > 0)
        {
            var preface = Math.Min(_prefaceLeft, bytes.Length);
            _prefaceLeft -= preface;
            return new WireStep(preface);
        }

        return _payloadLeft == 0 ? TakeHeader(bytes) : TakePayload(bytes[..Math.Min(bytes.Length, _payloadLeft)]);
    }

    // No frame begins with either byte: its length would be over five million.
    private static int LengthOfPreface(byte first) =>
        first == FrameWriter.Preface[0] ? FrameWriter.Preface.Length
        : first == HostConnectionPreamble.FirstByte ? HostConnectionPreamble.Length
        : 0;

    private WireStep TakeHeader(ReadOnlySpan<byte> bytes)
    {
        var begins = _headerLength == 0;
        var count = Math.Min(FrameHeader.Size - _headerLength, bytes.Length);
        bytes[..count].CopyTo(_header.AsSpan(_headerLength));
        _headerLength += count;
        if (_headerLength < FrameHeader.Size)
            return new WireStep(count, FrameBegins: begins);

        _headerLength = 0;
        _frame = FrameHeader.Read(_header);
        _payloadLeft = _frame.Length;
        _padding = 0;
        _paddingIsNext = _frame.Type == FrameType.Data && _frame.Has(FrameFlags.Padded);
        if (_payloadLeft == 0)
            EndFrame();
        return new WireStep(count, FrameBegins: begins, FrameEnds: _payloadLeft == 0);
    }

    private WireStep TakePayload(ReadOnlySpan<byte> bytes)
    {
        var step = _paddingIsNext ? TakePaddingLength(bytes[0])
            : _frame.Type == FrameType.Data && _payloadLeft > _padding ? TakeMessage(bytes[..Math.Min(bytes.Length, _payloadLeft - _padding)])
            : new WireStep(bytes.Length);
        _payloadLeft -= step.Length;
        if (_payloadLeft > 0)
            return step;

        EndFrame();
        return step with { FrameEnds = true };
    }

    private WireStep TakePaddingLength(byte length)
    {
        _paddingIsNext = false;
        _padding = Math.Min(length, _payloadLeft - 1);
        return new WireStep(1);
    }

    private WireStep TakeMessage(ReadOnlySpan<byte> bytes)
    {
        var message = _messages.GetValueOrDefault(_frame.StreamId);
        var begins = message.IsAtStart;
        var count = message.Take(bytes);
        if (message.IsAtEnd)
        {
            _messages.Remove(_frame.StreamId);
            return new WireStep(count, MessageBegins: begins, MessageEnds: true);
        }

        if (_messages.Count == MostHalfMessages && !_messages.ContainsKey(_frame.StreamId))
            _messages.Remove(_messages.Keys.Min());
        _messages[_frame.StreamId] = message;
        return new WireStep(count, MessageBegins: begins);
    }

    private void EndFrame()
    {
        _hasSeenFrame = true;
        if (_frame.Type is FrameType.Headers or FrameType.PushPromise or FrameType.Continuation)
            _inHeaderBlock = !_frame.Has(FrameFlags.EndHeaders);
        if (_frame.Type == FrameType.RstStream || (_frame.Type is FrameType.Data or FrameType.Headers && _frame.Has(FrameFlags.EndStream)))
            _messages.Remove(_frame.StreamId);
    }
}
