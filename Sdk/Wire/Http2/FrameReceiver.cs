using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

namespace Plugwire.Wire.Http2;

/// <summary>
/// Reads frames from the transport and hands each to the connection: the shape of a frame is checked here (RFC 9113 section 6),
/// what it means for streams and windows there.
/// </summary>
internal sealed class FrameReceiver(
    Stream transport, Http2Connection connection, Http2Options options, Http2Role role, ReadOnlyMemory<byte> received) : IDisposable
{
    private const int ReadSize = 64 * 1024;
    private const int PrioritySize = 5;
    private const int PingSize = 8;
    private const int SmallestGoAwaySize = 8;

    private readonly PipeReader _reader = PipeReader.Create(
        transport, new StreamPipeReaderOptions(bufferSize: ReadSize, minimumReadSize: ReadSize / 4, leaveOpen: true));

    private readonly HeaderBlockAssembler _headerBlock = new(options.MaxHeaderListSize);
    private bool _prefaceSeen = role == Http2Role.Client;
    private readonly StartedFrameWatch _watch = new(options, connection.OnStalledFrame);
    private bool _settingsSeen;

    // Frames, those within a header block not counted.
    private long _ended;

    /// <summary>Reads until the transport ends. True when it ended between two frames, false when within one.</summary>
    /// <exception cref="Http2ConnectionException">The peer broke the protocol.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var result = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                connection.NoteHeard();
                var rest = ReceiveAll(result.Buffer);
                _reader.AdvanceTo(rest.Start, rest.End);
                _watch.Note(isWithin: !rest.IsEmpty || _headerBlock.StreamId != 0, _ended);

                // Acknowledgements and window updates of all frames of one read leave in one write.
                connection.Flush();
                if (result.IsCompleted)
                    return rest.IsEmpty && _headerBlock.StreamId == 0;
            }
        }
        finally
        {
            _watch.Dispose();
            await _reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    public void Dispose() => _headerBlock.Dispose();

    private ReadOnlySequence<byte> ReceiveAll(ReadOnlySequence<byte> buffer)
    {
        if (!_prefaceSeen && !TryReceivePreface(ref buffer))
            return buffer;

        while (TryReadFrame(ref buffer, out var header, out var payload))
        {
            Receive(header, payload);
            _ended += _headerBlock.StreamId == 0 ? 1 : 0;
        }

        return buffer;
    }

    private bool TryReceivePreface(ref ReadOnlySequence<byte> buffer)
    {
        var expected = FrameWriter.Preface;
        Span<byte> found = stackalloc byte[expected.Length];
        received.Span.CopyTo(found);
        var length = (int)Math.Min(buffer.Length, expected.Length - received.Length);
        buffer.Slice(0, length).CopyTo(found[received.Length..]);
        if (!expected.StartsWith(found[..(received.Length + length)]))
        {
            throw new Http2ConnectionException(
                Http2ErrorCode.ProtocolError, "An HTTP/2 client begins with the connection preface; the peer sent something else.");
        }

        if (received.Length + length < expected.Length)
            return false;

        buffer = buffer.Slice(length);
        _prefaceSeen = true;
        return true;
    }

    private bool TryReadFrame(ref ReadOnlySequence<byte> buffer, out FrameHeader header, out ReadOnlySequence<byte> payload)
    {
        header = default;
        payload = default;
        if (buffer.Length < FrameHeader.Size)
            return false;

        if (buffer.FirstSpan.Length >= FrameHeader.Size)
        {
            header = FrameHeader.Read(buffer.FirstSpan);
        }
        else
        {
            Span<byte> bytes = stackalloc byte[FrameHeader.Size];
            buffer.Slice(0, FrameHeader.Size).CopyTo(bytes);
            header = FrameHeader.Read(bytes);
        }

        // Before its length: what is no HTTP/2 at all announces any.
        if (!_settingsSeen && header.Type != FrameType.Settings)
        {
            throw new Http2ConnectionException(
                Http2ErrorCode.ProtocolError, $"A peer's first frame is SETTINGS (RFC 9113 section 3.4); this one sent {header.Type}.");
        }

        if (header.Length > options.MaxFrameSize)
        {
            throw new Http2ConnectionException(
                Http2ErrorCode.FrameSizeError, $"A frame has at most {options.MaxFrameSize} bytes here; the peer announced one of {header.Length}.");
        }

        if (buffer.Length < FrameHeader.Size + header.Length)
            return false;

        payload = buffer.Slice(FrameHeader.Size, header.Length);
        buffer = buffer.Slice(payload.End);
        return true;
    }

    private void Receive(in FrameHeader header, in ReadOnlySequence<byte> payload)
    {
        if (_headerBlock.StreamId != 0 && (header.Type != FrameType.Continuation || header.StreamId != _headerBlock.StreamId))
        {
            throw new Http2ConnectionException(
                Http2ErrorCode.ProtocolError, $"Only CONTINUATION may follow within the header block of stream {_headerBlock.StreamId}; {header.Type} came.");
        }

        switch (header.Type)
        {
            case FrameType.Data:
                ReceiveData(header, payload);
                break;
            case FrameType.Headers:
                ReceiveHeaders(header, payload);
                break;
            case FrameType.Priority:
                RequireStream(header);
                connection.Allowance.Spend("PRIORITY");
                if (header.Length != PrioritySize)
                    connection.ReceiveStreamError(header.StreamId, Http2ErrorCode.FrameSizeError, $"A PRIORITY frame has {PrioritySize} bytes, not {header.Length}.");
                break;
            case FrameType.RstStream:
                RequireStream(header);
                RequireLength(header, sizeof(int));
                connection.Allowance.Spend("RST_STREAM");
                connection.ReceiveReset(header.StreamId, (Http2ErrorCode)(uint)ReadInt32(payload));
                break;
            case FrameType.Settings:
                ReceiveSettings(header, payload);
                break;
            case FrameType.PushPromise:
                throw new Http2ConnectionException(Http2ErrorCode.ProtocolError, "Push is switched off here, yet PUSH_PROMISE came.");
            case FrameType.Ping:
                RequireConnection(header);
                RequireLength(header, PingSize);
                connection.Allowance.Spend("PING");
                if (header.Has(FrameFlags.Ack))
                    connection.ReceivePingAck(ReadInt64(payload));
                else
                    connection.ReceivePing(ReadInt64(payload));
                break;
            case FrameType.GoAway:
                ReceiveGoAway(header, payload);
                break;
            case FrameType.WindowUpdate:
                RequireLength(header, sizeof(int));
                connection.Allowance.Spend("WINDOW_UPDATE");
                connection.ReceiveWindowUpdate(header.StreamId, ReadInt32(payload) & int.MaxValue);
                break;
            case FrameType.Continuation:
                if (_headerBlock.StreamId == 0)
                    throw new Http2ConnectionException(Http2ErrorCode.ProtocolError, "CONTINUATION came without a header block to continue.");
                if (header.Length == 0)
                    connection.Allowance.Spend("an empty CONTINUATION");
                if (_headerBlock.Continue(payload, header.Has(FrameFlags.EndHeaders)))
                    connection.ReceiveHeaders(header.StreamId, _headerBlock.Headers, _headerBlock.EndStream);
                break;
            default:
                connection.Allowance.Spend("a frame of an unknown type");
                break;
        }

        connection.RefuseOverrun();
    }

    private void ReceiveData(in FrameHeader header, in ReadOnlySequence<byte> payload)
    {
        RequireStream(header);
        var data = WithoutPadding(header, payload);
        if (data.IsEmpty && !header.Has(FrameFlags.EndStream))
            connection.Allowance.Spend("DATA without data");
        connection.ReceiveData(header.StreamId, data, header.Length, header.Has(FrameFlags.EndStream));
    }

    private void ReceiveHeaders(in FrameHeader header, in ReadOnlySequence<byte> payload)
    {
        RequireStream(header);
        var fragment = WithoutPadding(header, payload);
        if (header.Has(FrameFlags.Priority))
        {
            // RFC 9113 section 6.2: padding that leaves no room for what else the frame must have is an error of its own.
            if (fragment.Length < PrioritySize)
            {
                throw new Http2ConnectionException(
                    header.Has(FrameFlags.Padded) ? Http2ErrorCode.ProtocolError : Http2ErrorCode.FrameSizeError,
                    "A HEADERS frame with the PRIORITY flag is too short for it.");
            }

            fragment = fragment.Slice(PrioritySize);
        }

        if (_headerBlock.Begin(header.StreamId, fragment, header.Has(FrameFlags.EndStream), header.Has(FrameFlags.EndHeaders)))
            connection.ReceiveHeaders(header.StreamId, _headerBlock.Headers, _headerBlock.EndStream);
    }

    private void ReceiveSettings(in FrameHeader header, in ReadOnlySequence<byte> payload)
    {
        RequireConnection(header);
        connection.Allowance.Spend("SETTINGS", header.Has(FrameFlags.Ack) ? FrameAllowance.Light : FrameAllowance.Heaviest);
        if (header.Has(FrameFlags.Ack))
        {
            RequireLength(header, 0);
            if (!_settingsSeen)
                throw new Http2ConnectionException(Http2ErrorCode.ProtocolError, "A peer's first SETTINGS is its own, not an acknowledgement.");
            connection.ReceiveSettingsAck();
            return;
        }

        if (header.Length % Http2Settings.EntrySize != 0)
        {
            throw new Http2ConnectionException(
                Http2ErrorCode.FrameSizeError, $"A SETTINGS frame has whole entries of {Http2Settings.EntrySize} bytes, not {header.Length} bytes.");
        }

        _settingsSeen = true;
        connection.ReceiveSettings(payload.IsSingleSegment ? payload.FirstSpan : payload.ToArray());
    }

    private void ReceiveGoAway(in FrameHeader header, in ReadOnlySequence<byte> payload)
    {
        RequireConnection(header);
        connection.Allowance.Spend("GOAWAY", FrameAllowance.Heaviest);
        if (header.Length < SmallestGoAwaySize)
            throw new Http2ConnectionException(Http2ErrorCode.FrameSizeError, $"A GOAWAY frame has at least {SmallestGoAwaySize} bytes, not {header.Length}.");

        connection.ReceiveGoAway(
            ReadInt32(payload) & int.MaxValue, (Http2ErrorCode)(uint)ReadInt32(payload.Slice(sizeof(int))), payload.Slice(SmallestGoAwaySize));
    }

    // RFC 9113 section 6.1: padding as long as the payload or longer is a connection error.
    private static ReadOnlySequence<byte> WithoutPadding(in FrameHeader header, in ReadOnlySequence<byte> payload)
    {
        if (!header.Has(FrameFlags.Padded))
            return payload;

        if (payload.IsEmpty)
            throw new Http2ConnectionException(Http2ErrorCode.FrameSizeError, $"A {header.Type} frame with the PADDED flag is too short for it.");

        Span<byte> padding = stackalloc byte[1];
        payload.Slice(0, 1).CopyTo(padding);
        if (padding[0] >= payload.Length)
            throw new Http2ConnectionException(Http2ErrorCode.ProtocolError, $"The padding of a {header.Type} frame is longer than the frame.");
        return payload.Slice(1, payload.Length - 1 - padding[0]);
    }

    private static void RequireStream(in FrameHeader header)
    {
        if (header.StreamId == 0)
            throw new Http2ConnectionException(Http2ErrorCode.ProtocolError, $"A {header.Type} frame belongs to a stream; one came on stream 0.");
    }

    private static void RequireConnection(in FrameHeader header)
    {
        if (header.StreamId != 0)
            throw new Http2ConnectionException(Http2ErrorCode.ProtocolError, $"A {header.Type} frame belongs to the connection; one came on stream {header.StreamId}.");
    }

    private static void RequireLength(in FrameHeader header, int length)
    {
        if (header.Length != length)
            throw new Http2ConnectionException(Http2ErrorCode.FrameSizeError, $"A {header.Type} frame has {length} bytes here, not {header.Length}.");
    }

    private static int ReadInt32(in ReadOnlySequence<byte> payload)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        payload.Slice(0, sizeof(int)).CopyTo(bytes);
        return BinaryPrimitives.ReadInt32BigEndian(bytes);
    }

    private static long ReadInt64(in ReadOnlySequence<byte> payload)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        payload.Slice(0, sizeof(long)).CopyTo(bytes);
        return BinaryPrimitives.ReadInt64BigEndian(bytes);
    }
}
