namespace Plugwire.Hosting.Tests.Fuzzing;

/// <summary>Bytes that come in pieces, at once or a moment later, as from a pipe.</summary>
/// <param name="bytes">All of them.</param>
/// <param name="nextLength">How many the next read gets at most; 0 for one that has to wait before it gets one.</param>
internal sealed class ChunkedStream(byte[] bytes, Func<int> nextLength) : Stream
{
    private int _at;
    private long _allocatedBefore = -1;

    /// <summary>How much the reader has allocated between its first read and its last; meant for a stream that never waits.</summary>
    public long Allocated { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_allocatedBefore < 0)
            _allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        Allocated = GC.GetAllocatedBytesForCurrentThread() - _allocatedBefore;
        var length = nextLength();
        if (length == 0)
        {
            await Task.Yield();
            length = 1;
        }

        var count = Math.Min(Math.Min(length, buffer.Length), bytes.Length - _at);
        bytes.AsMemory(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
    }
}
