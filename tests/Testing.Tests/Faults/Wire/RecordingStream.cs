namespace Plugwire.Testing.Tests.Faults.Wire;

/// <summary>Remembers how much was written at a time, and fails its reads when told to.</summary>
internal sealed class RecordingStream(Stream stream) : Stream
{
    private readonly Lock _gate = new();
    private readonly List<int> _writes = [];
    private readonly TaskCompletionSource<int> _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<int> Writes
    {
        get
        {
            lock (_gate)
                return [.. _writes];
        }
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void BreakReads(Exception failure) => _broken.SetException(failure);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        await await Task.WhenAny(stream.ReadAsync(buffer, cancellationToken).AsTask(), _broken.Task);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (_gate)
            _writes.Add(buffer.Length);
        return stream.WriteAsync(buffer, cancellationToken);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        stream.Dispose();
        base.Dispose(disposing);
    }
}
