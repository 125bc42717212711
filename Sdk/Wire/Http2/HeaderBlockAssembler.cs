using System.Buffers;
using Plugwire.Wire.Http2.Hpack;

namespace Plugwire.Wire.Http2;

/// <summary>Puts a header block together from HEADERS and its CONTINUATION frames (RFC 9113 section 4.3), within bounds, and decodes it.</summary>
internal sealed class HeaderBlockAssembler : IDisposable
{
    // Compressed, a list is hardly ever longer than uncompressed; what is a little over the limit is still decoded, so that only its stream suffers.
    private const int BlockSizeFactor = 4;

    // RFC 9113 section 10.5: many empty CONTINUATION frames cost the sender nothing.
    private const int MaxContinuations = 64;

    private readonly HpackDecoder _decoder;
    private readonly int _maxBlockSize;
    private readonly OutputBuffer _collected = new();
    private int _continuations;

    public HeaderBlockAssembler(int maxHeaderListSize)
    {
        _decoder = new HpackDecoder(HpackDecoder.DefaultTableSize, maxHeaderListSize);
        _maxBlockSize = checked(maxHeaderListSize * BlockSizeFactor);
    }

    /// <summary>The stream whose block is incomplete: no frame but its CONTINUATION may come. Zero when there is none.</summary>
    public int StreamId { get; private set; }

    /// <summary>Whether the HEADERS frame of the block carried END_STREAM.</summary>
    public bool EndStream { get; private set; }

    /// <summary>Valid until the next block begins.</summary>
    public HeaderList Headers { get; } = new();

    /// <summary>Takes the fragment of a HEADERS frame. Answers whether the block is complete and <see cref="Headers"/> decoded.</summary>
    /// <exception cref="Http2ConnectionException">The block is too large or cannot be decoded.</exception>
    public bool Begin(int streamId, in ReadOnlySequence<byte> fragment, bool endStream, bool endHeaders)
    {
        StreamId = streamId;
        EndStream = endStream;
        _continuations = 0;
        if (endHeaders && fragment.IsSingleSegment)
        {
            Decode(fragment.FirstSpan);
            return true;
        }

        return Collect(fragment, endHeaders);
    }

    /// <summary>Takes the fragment of a CONTINUATION frame, likewise.</summary>
    /// <exception cref="Http2ConnectionException">The block is too large or cannot be decoded.</exception>
    public bool Continue(in ReadOnlySequence<byte> fragment, bool endHeaders)
    {
        if (++_continuations > MaxContinuations)
        {
            throw new Http2ConnectionException(
                Http2ErrorCode.EnhanceYourCalm, $"A header block comes in at most {MaxContinuations} CONTINUATION frames; stream {StreamId} has sent more.");
        }

        return Collect(fragment, endHeaders);
    }

    public void Dispose() => _collected.Dispose();

    private bool Collect(in ReadOnlySequence<byte> fragment, bool endHeaders)
    {
        if (_collected.Length + fragment.Length > _maxBlockSize)
        {
            throw new Http2ConnectionException(
                Http2ErrorCode.EnhanceYourCalm, $"A header block has at most {_maxBlockSize} bytes; that of stream {StreamId} has more.");
        }

        foreach (var segment in fragment)
            _collected.Write(segment.Span);
        if (!endHeaders)
            return false;

        Decode(_collected.Written.Span);
        _collected.Dispose();
        return true;
    }

    private void Decode(ReadOnlySpan<byte> block)
    {
        StreamId = 0;
        try
        {
            _decoder.Decode(block, Headers);
        }
        catch (HpackException exception)
        {
            throw new Http2ConnectionException(Http2ErrorCode.CompressionError, exception.Message);
        }
    }
}
