using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace Plugwire.Interop.Tests.Cases;

/// <summary>
/// Reads along with one direction of a connection, and notes of each message whether it is marked as compressed. Knows as much of HTTP/2 as that takes: frame headers, and the
/// padding of DATA.
/// </summary>
/// <param name="flags">Where each is noted, in the order of the messages.</param>
/// <param name="afterPreface">Whether this is the client's direction.</param>
internal sealed class MessageFlags(ConcurrentQueue<bool> flags, bool afterPreface)
{
    private const int FrameHeaderSize = 9;
    private const int MessagePrefixSize = 5;
    private const int PrefaceSize = 24;
    private const byte Data = 0;
    private const byte Padded = 8;

    private readonly Dictionary<uint, OpenMessage> _streams = [];
    private readonly byte[] _header = new byte[FrameHeaderSize];
    private int _skip = afterPreface ? PrefaceSize : 0;
    private int _headerLength;
    private int _payloadLeft;
    private bool _isData;
    private bool _padLengthIsNext;
    private int _padding;

    public void Read(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
            Read(b);
    }

    private void Read(byte b)
    {
        if (_skip > 0)
        {
            _skip--;
            return;
        }

        if (_payloadLeft == 0)
        {
            _header[_headerLength++] = b;
            if (_headerLength == FrameHeaderSize)
                BeginFrame();
            return;
        }

        _payloadLeft--;
        if (_padLengthIsNext)
        {
            _padding = b;
            _padLengthIsNext = false;
        }
        else if (_isData && _payloadLeft >= _padding)
        {
            ReadMessage(b);
        }
    }

    private void BeginFrame()
    {
        _headerLength = 0;
        _payloadLeft = (_header[0] << 16) | (_header[1] << 8) | _header[2];
        _isData = _header[3] == Data;
        _padding = 0;
        _padLengthIsNext = _isData && (_header[4] & Padded) != 0;
    }

    private void ReadMessage(byte b)
    {
        var id = BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(5)) & int.MaxValue;
        if (!_streams.TryGetValue(id, out var message))
            _streams[id] = message = new OpenMessage();
        if (message.Left > 0)
        {
            message.Left--;
            return;
        }

        message.Prefix[message.PrefixLength++] = b;
        if (message.PrefixLength < MessagePrefixSize)
            return;

        message.PrefixLength = 0;
        message.Left = BinaryPrimitives.ReadUInt32BigEndian(message.Prefix.AsSpan(1));
        flags.Enqueue(message.Prefix[0] == 1);
    }

    private sealed class OpenMessage
    {
        public byte[] Prefix { get; } = new byte[MessagePrefixSize];

        public int PrefixLength { get; set; }

        public uint Left { get; set; }
    }
}
