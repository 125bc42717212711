using Google.Protobuf.WellKnownTypes;

namespace Plugwire.Streaming;

/// <summary>Chunks as a stream to read, by one reader. Its enumerator is never disposed of while it moves: a read that is under way at the disposal ends, and disposes of it then.</summary>
internal sealed class ChunkStream : Stream
{
    private readonly IAsyncEnumerable<BytesValue> _chunks;
    private readonly LinkedCancellation _cancellation;
    private IAsyncEnumerator<BytesValue>? _enumerator;
    private ReadOnlyMemory<byte> _rest;
    private Task _disposal = Task.CompletedTask;
    private bool _isAtEnd;
    private int _use;

    public ChunkStream(IAsyncEnumerable<BytesValue> chunks, CancellationToken cancellationToken)
    {
        _chunks = chunks;
        _cancellation = new LinkedCancellation(cancellationToken, default, default);
    }

    public override bool CanRead => Volatile.Read(ref _use) is Use.Idle or Use.Reading;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException("The length of a stream of chunks is not known before its end.");

    public override long Position
    {
        get => throw new NotSupportedException("A stream of chunks has no position.");
        set => throw new NotSupportedException("A stream of chunks has no position.");
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);

        BeginUse();
        if (buffer.IsEmpty || !_rest.IsEmpty)
        {
            var count = Take(buffer);
            return TryEndUse() ? new ValueTask<int>(count) : DisposedAsync<int>();
        }

        return WaitAsync(buffer, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    // Chunk by chunk as they are, without a copy.
    public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        ValidateCopyToArguments(destination, bufferSize);
        cancellationToken.ThrowIfCancellationRequested();
        BeginUse();
        try
        {
            do
            {
                var rest = _rest;
                _rest = default;
                if (!rest.IsEmpty)
                    await destination.WriteAsync(rest, cancellationToken).ConfigureAwait(false);
            }
            while (await MoveNextAsync(cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            if (!TryEndUse())
                await DisposedAsync<int>().ConfigureAwait(false);
        }
    }

    public override IAsyncResult BeginRead(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(ReadAsync(buffer, offset, count, CancellationToken.None), callback, state);

    public override int EndRead(IAsyncResult asyncResult) => TaskToAsyncResult.End<int>(asyncResult);

    public override int Read(byte[] buffer, int offset, int count) => throw OnlyAsynchronous();

    public override int Read(Span<byte> buffer) => throw OnlyAsynchronous();

    public override int ReadByte() => throw OnlyAsynchronous();

    public override void CopyTo(Stream destination, int bufferSize) => throw OnlyAsynchronous();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A stream of chunks is read from its beginning to its end.");

    public override void SetLength(long value) => throw new NotSupportedException("A stream of chunks is for reading.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A stream of chunks is for reading.");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync().ConfigureAwait(false);
        await _disposal.ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (Interlocked.CompareExchange(ref _use, Use.Disposed, Use.Idle) == Use.Idle)
                _disposal = EndAsync();
            else if (Interlocked.CompareExchange(ref _use, Use.DisposedWhileReading, Use.Reading) == Use.Reading)
                _disposal = _cancellation.CancelAsync();
        }

        base.Dispose(disposing);
    }

    private static NotSupportedException OnlyAsynchronous() => new(
        "These bytes come over a call, and are read asynchronously only: use ReadAsync or CopyToAsync. Code that reads synchronously is given a copy: await CopyToAsync into a MemoryStream or a file first.");

    private async ValueTask<int> WaitAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var count = 0;
        try
        {
            while (_rest.IsEmpty && await MoveNextAsync(cancellationToken).ConfigureAwait(false))
            {
            }

            count = Take(buffer);
        }
        finally
        {
            if (!TryEndUse())
                await DisposedAsync<int>().ConfigureAwait(false);
        }

        return count;
    }

    private async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        if (_isAtEnd)
            return false;

        _enumerator ??= _chunks.GetAsyncEnumerator(_cancellation.Token);
        var registration = cancellationToken.UnsafeRegister(static state => ((LinkedCancellation)state!).Cancel(), _cancellation);
        try
        {
            if (await _enumerator.MoveNextAsync().ConfigureAwait(false))
            {
                _rest = _enumerator.Current.Value.Memory;
                return true;
            }
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The reading was cancelled.", exception, cancellationToken);
        }
        finally
        {
            registration.Unregister();
        }

        _isAtEnd = true;
        return false;
    }

    private int Take(Memory<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    private void BeginUse()
    {
        var use = Interlocked.CompareExchange(ref _use, Use.Reading, Use.Idle);
        ObjectDisposedException.ThrowIf(use is Use.Disposed or Use.DisposedWhileReading, typeof(Stream));
        if (use == Use.Reading)
            throw new InvalidOperationException("The previous read on this stream has not ended: await each before the next.");
    }

    private bool TryEndUse() => Interlocked.CompareExchange(ref _use, Use.Idle, Use.Reading) == Use.Reading;

    private async ValueTask<T> DisposedAsync<T>()
    {
        await EndAsync().ConfigureAwait(false);
        throw new ObjectDisposedException(nameof(Stream), "The stream was disposed of while it was read.");
    }

    private async Task EndAsync()
    {
        if (_enumerator is not null)
            await _enumerator.DisposeAsync().ConfigureAwait(false);
        _cancellation.Release();
    }

    private static class Use
    {
        public const int Idle = 0;
        public const int Reading = 1;
        public const int Disposed = 2;
        public const int DisposedWhileReading = 3;
    }
}
