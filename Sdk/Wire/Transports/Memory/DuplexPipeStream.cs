using System.Buffers;
using System.IO.Pipelines;

namespace Plugwire.Wire.Transports.Memory;

/// <summary>
/// One end of a pair of pipes, as a stream. One reader and one writer at a time, each on any thread; disposing is safe beside both
/// and ends them.
/// </summary>
/// <param name="reader">Completed by this stream.</param>
/// <param name="writer">Completed by this stream.</param>
internal sealed class DuplexPipeStream(PipeReader reader, PipeWriter writer) : Stream
{
    // What one step of a write puts into the pipe at most: a pipe looks at its threshold only after it has taken all.
    private const int WriteStep = 16 * 1024;

    // Held while bytes are copied out of the pipe, so that disposing does not give the memory back meanwhile.
    private readonly Lock _reading = new();
    private volatile bool _disposed;

    public override bool CanRead => !_disposed;

    public override bool CanWrite => !_disposed;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ReadResult result;
        try
        {
            result = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidOperationException) when (_disposed)
        {
            throw Ended();
        }

        lock (_reading)
        {
            if (_disposed)
                throw Ended();

            var count = (int)Math.Min(result.Buffer.Length, buffer.Length);
            var piece = result.Buffer.Slice(0, count);
            piece.CopyTo(buffer.Span);
            reader.AdvanceTo(piece.End);
            return count;
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        while (!buffer.IsEmpty)
        {
            var step = buffer[..Math.Min(buffer.Length, WriteStep)];
            buffer = buffer[step.Length..];
            FlushResult result;
            try
            {
                result = await writer.WriteAsync(step, cancellationToken).ConfigureAwait(false);
            }
            catch (InvalidOperationException) when (_disposed)
            {
                throw Ended();
            }

            if (_disposed)
                throw Ended();
            if (result.IsCompleted)
                throw new IOException("The other side has closed the connection.");
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw OnlyAsynchronous();

    public override void Write(byte[] buffer, int offset, int count) => throw OnlyAsynchronous();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        lock (_reading)
        {
            if (_disposed)
                return;

            _disposed = true;

            // Cancelled first: completing a pipe does not wake the side that completes it.
            reader.CancelPendingRead();
            writer.CancelPendingFlush();
            reader.Complete();
            writer.Complete();
        }

        base.Dispose(disposing);
    }

    private static NotSupportedException OnlyAsynchronous() => new("A memory connection is read and written asynchronously.");

    private static IOException Ended() => new("This side has closed the connection.");
}
