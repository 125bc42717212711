namespace Plugwire.Hosting.Output;

/// <summary>How a piece of output ended.</summary>
internal enum LineEnd
{
    /// <summary>With a line break, which is not part of the piece.</summary>
    LineBreak,

    /// <summary>The line is longer than the buffer; the next piece goes on with it.</summary>
    BufferFull,

    /// <summary>The stream ended.</summary>
    StreamEnd,
}

/// <summary>Cuts a stream of bytes into lines, in one buffer that never grows.</summary>
internal sealed class LineBuffer(int capacity, LineBuffer.PieceHandler onPiece)
{
    private readonly byte[] _buffer = new byte[capacity];
    private int _length;

    public delegate void PieceHandler(ReadOnlySpan<byte> piece, LineEnd end);

    /// <summary>Where to read into next; never empty.</summary>
    public Memory<byte> Free => _buffer.AsMemory(_length);

    /// <summary>Hands out what has become whole by the bytes just written to <see cref="Free"/>.</summary>
    public void Commit(int count)
    {
        // What was there before has no line break, or it would be gone.
        var searchFrom = _length;
        _length += count;
        var start = 0;
        while (true)
        {
            var at = _buffer.AsSpan(searchFrom, _length - searchFrom).IndexOf((byte)'\n');
            if (at < 0)
                break;

            onPiece(_buffer.AsSpan(start, searchFrom + at - start), LineEnd.LineBreak);
            start = searchFrom = searchFrom + at + 1;
        }

        _length -= start;
        if (start > 0)
            _buffer.AsSpan(start, _length).CopyTo(_buffer);
        if (_length == _buffer.Length)
        {
            _length = 0;
            onPiece(_buffer, LineEnd.BufferFull);
        }
    }

    /// <summary>Hands out the rest, also when there is none.</summary>
    public void End()
    {
        var length = _length;
        _length = 0;
        onPiece(_buffer.AsSpan(0, length), LineEnd.StreamEnd);
    }
}
