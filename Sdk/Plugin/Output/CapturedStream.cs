namespace Plugwire.Output;

/// <summary>What .NET's console writes to on Windows, in place of a redirected descriptor.</summary>
internal sealed class CapturedStream(ConsoleCapture capture) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => capture.Deliver(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer) => capture.Deliver(buffer);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
