namespace Plugwire.Wire.Tests.Http2.Peer;

/// <summary>A transport under a test's control: how much each read brings, when a write goes through, and how it ends.</summary>
internal sealed class ProbeStream(Stream inner) : Stream
{
    private TaskCompletionSource _open = Opened();
    private TaskCompletionSource _blocked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _writes;
    private readonly Lock _reading = new();

    // Guarded by the lock.
    private TaskCompletionSource _lookedAt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytesRead;
    private long _awaitedBytes;

    /// <summary>How many bytes the next read brings at most; null for as many as there are.</summary>
    public Func<int>? ReadSize { get; init; }

    public Exception? FailsDisposalWith { get; init; }

    public Exception? FailsWritesWith { get; set; }

    public int Writes => Volatile.Read(ref _writes);

    /// <summary>From the next write on they wait.</summary>
    public void BlockWrites()
    {
        _blocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Ends when a write waits.</summary>
    public Task WriteBlockedAsync() => _blocked.Task.WaitAsync(RawPeer.Limit);

    public void LetWrites() => _open.TrySetResult();

    /// <summary>Lets the write that waits go through, and ends when the next one waits.</summary>
    public Task LetOneWriteAsync()
    {
        var waiting = _open;
        BlockWrites();
        waiting.TrySetResult();
        return WriteBlockedAsync();
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (_reading)
        {
            if (_bytesRead >= _awaitedBytes)
                _lookedAt.TrySetResult();
        }

        var count = await inner.ReadAsync(ReadSize is null ? buffer : buffer[..Math.Min(buffer.Length, ReadSize())], cancellationToken);
        lock (_reading)
            _bytesRead += count;
        return count;
    }

    /// <summary>Sends, and ends when the other end has looked at it: it asks for more.</summary>
    public Task LookedAtAsync(RawPeer peer, params byte[][] frames)
    {
        lock (_reading)
        {
            _awaitedBytes = _bytesRead + frames.Sum(frame => frame.Length);
            _lookedAt = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return Task.WhenAll(peer.SendAsync(frames), _lookedAt.Task).WaitAsync(RawPeer.Limit);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _writes);
        if (!_open.Task.IsCompleted)
        {
            _blocked.TrySetResult();
            await _open.Task.WaitAsync(cancellationToken);
        }

        if (FailsWritesWith is { } failure)
            throw failure;
        await inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _open.TrySetException(new IOException("This side has closed the connection."));
        inner.Dispose();
        base.Dispose(disposing);
        if (FailsDisposalWith is { } failure)
            throw failure;
    }

    private static TaskCompletionSource Opened()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }
}
