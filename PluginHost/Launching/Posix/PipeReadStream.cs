using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Plugwire.Hosting.Launching.Posix;

/// <summary>The host's end of a pipe that a child writes. Reads are asynchronous without a thread each; one read at a time.</summary>
internal sealed class PipeReadStream : Stream
{
    private readonly SafeFileHandle _descriptor;
    private volatile DescriptorWatch? _watch;
    private volatile bool _disposed;

    /// <param name="descriptor">Owned from here on; made non-blocking, which the child's end does not notice.</param>
    public PipeReadStream(SafeFileHandle descriptor)
    {
        PosixPipe.MakeNonBlocking(descriptor);
        _descriptor = descriptor;
    }

    public override bool CanRead => !_disposed;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads what is there, or waits for it. 0 at the end of the pipe, and when this stream is disposed meanwhile: nothing more will come from it.</summary>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_disposed)
                return 0;

            var read = TryRead(buffer.Span, out var error);
            if (read >= 0)
                return read;
            if (error == Errno.Interrupted)
                continue;
            if (error != Errno.TryAgain)
                throw new PosixException("read", error);

            await WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A plugin's pipe is read asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    /// <summary>Also ends a read that waits.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _descriptor.Dispose();
            _watch?.Cancel();
        }

        base.Dispose(disposing);
    }

    private unsafe int TryRead(Span<byte> buffer, out int error)
    {
        try
        {
            fixed (byte* start = buffer)
            {
                var read = (int)LibC.Read(_descriptor, start, buffer.Length);
                error = read < 0 ? Marshal.GetLastPInvokeError() : 0;
                return read;
            }
        }
        catch (ObjectDisposedException) when (_disposed)
        {
            error = 0;
            return 0;
        }
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        DescriptorWatch watch;
        try
        {
            watch = PollThread.Shared.Watch(_descriptor);
        }
        catch (ObjectDisposedException) when (_disposed)
        {
            return;
        }

        _watch = watch;

        // Disposed before the line above: nobody else cancels it then.
        if (_disposed)
            watch.Cancel();
        using (cancellationToken.UnsafeRegister(static watch => ((DescriptorWatch)watch!).Cancel(), watch))
            await watch.Ended.ConfigureAwait(false);
        _watch = null;
    }
}
