namespace Plugwire.Wire.Tests.Rpc;

/// <summary>A stream whose writes wait, one by one, until the test lets them pass.</summary>
internal sealed class GatedStream(Stream inner) : Stream
{
    private readonly SemaphoreSlim _passes = new(0);
    private readonly SemaphoreSlim _waiting = new(0);
    private volatile bool _isOpen = true;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>From here on each write waits for <see cref="Pass"/>.</summary>
    public void CloseGate() => _isOpen = false;

    /// <summary>Lets one write pass.</summary>
    public void Pass() => _passes.Release();

    /// <summary>Lets all writes pass from here on.</summary>
    public void OpenGate()
    {
        _isOpen = true;
        _passes.Release();
    }

    /// <summary>Ends when a further write waits.</summary>
    public async Task NextWriteAsync() => Assert.True(await _waiting.WaitAsync(RpcPair.Limit), "Nobody writes.");

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_isOpen)
        {
            _waiting.Release();
            Assert.True(await _passes.WaitAsync(RpcPair.Limit, cancellationToken), "The test does not let the write pass.");
        }

        await inner.WriteAsync(buffer, cancellationToken);
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
