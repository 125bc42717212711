namespace Plugwire.Testing.InProcess;

/// <summary>The write end of a plugin's standard input, into which nobody writes: that it is closed says that the host has gone.</summary>
internal sealed class Lifeline : Stream
{
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Closed => _closed.Task;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => !_closed.Task.IsCompleted;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    // A plugin does not read its standard input under a host that keeps it as its lifeline.
    public override void Write(byte[] buffer, int offset, int count) => ObjectDisposedException.ThrowIf(_closed.Task.IsCompleted, this);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _closed.TrySetResult();
        base.Dispose(disposing);
    }
}
