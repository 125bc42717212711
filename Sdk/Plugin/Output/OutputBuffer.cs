namespace Plugwire.Output;

/// <summary>
/// The console output that waits for the host to read it. Writing never blocks: when the buffer is full the oldest bytes are
/// dropped and counted, because a plugin whose output nobody reads must go on working. Safe for any number of threads.
/// </summary>
internal sealed class OutputBuffer
{
    public const int DefaultCapacity = 256 * 1024;

    private readonly Lock _gate = new();
    private readonly int _capacity;
    private byte[]? _ring;
    private long _start;
    private long _end;
    private long _dropped;
    private bool _completed;
    private TaskCompletionSource? _changed;

    public OutputBuffer(int capacity = DefaultCapacity) => _capacity = capacity;

    /// <summary>The output of a plugin whose console is left alone: nothing, and then the end. A reader that waited for more would hold up the plugin's stop.</summary>
    public static OutputBuffer Ended()
    {
        var output = new OutputBuffer();
        output.Complete();
        return output;
    }

    /// <summary>How many bytes wait to be read.</summary>
    public long Unread
    {
        get
        {
            lock (_gate)
                return _end - _start;
        }
    }

    /// <summary>How many bytes were dropped since this was last asked.</summary>
    public long TakeDropped()
    {
        lock (_gate)
        {
            var dropped = _dropped;
            _dropped = 0;
            return dropped;
        }
    }

    /// <summary>Adds the bytes; false, and nothing is added, when the buffer has been completed.</summary>
    public bool TryWrite(ReadOnlySpan<byte> bytes)
    {
        TaskCompletionSource? changed;
        lock (_gate)
        {
            if (_completed)
                return false;
            if (bytes.IsEmpty)
                return true;

            _ring ??= new byte[_capacity];
            if (bytes.Length > _capacity)
            {
                var tooOld = bytes.Length - _capacity;
                _dropped += tooOld;
                bytes = bytes[tooOld..];
            }

            var overflow = _end - _start + bytes.Length - _capacity;
            if (overflow > 0)
            {
                _start += overflow;
                _dropped += overflow;
            }

            var offset = (int)(_end % _capacity);
            var first = Math.Min(bytes.Length, _capacity - offset);
            bytes[..first].CopyTo(_ring.AsSpan(offset));
            bytes[first..].CopyTo(_ring);
            _end += bytes.Length;
            changed = _changed;
            _changed = null;
        }

        changed?.TrySetResult();
        return true;
    }

    /// <summary>Nothing more is added; readers get what is there, then the end.</summary>
    public void Complete()
    {
        TaskCompletionSource? changed;
        lock (_gate)
        {
            _completed = true;
            changed = _changed;
            _changed = null;
        }

        changed?.TrySetResult();
    }

    /// <summary>
    /// The next bytes, which stay in the buffer until <see cref="Advance"/> is called with their end: what a broken call did not
    /// deliver is there for the next one. Null at the end.
    /// </summary>
    public async ValueTask<OutputChunk?> PeekAsync(int maxBytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_end > _start)
                    return Copy(maxBytes);
                if (_completed)
                    return null;
                _changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Lets go of all bytes before <paramref name="position"/>.</summary>
    public void Advance(long position)
    {
        lock (_gate)
            _start = Math.Max(_start, Math.Min(position, _end));
    }

    private OutputChunk Copy(int maxBytes)
    {
        var bytes = new byte[(int)Math.Min(_end - _start, maxBytes)];
        var offset = (int)(_start % _capacity);
        var first = Math.Min(bytes.Length, _capacity - offset);
        _ring.AsSpan(offset, first).CopyTo(bytes);
        _ring.AsSpan(0, bytes.Length - first).CopyTo(bytes.AsSpan(first));
        return new OutputChunk(bytes, _start + bytes.Length);
    }
}
