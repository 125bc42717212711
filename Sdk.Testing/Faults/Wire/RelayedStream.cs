using Plugwire.Wire.Transports.Memory;

namespace Plugwire.Testing.Faults.Wire;

/// <summary>The host's end of a connection that has a relay in it. Its disposal ends the relay, and waits for that.</summary>
internal sealed class RelayedStream(DuplexPipeStream pipe, WireRelay relay, WireRules toHost) : Stream
{
    public override bool CanRead => pipe.CanRead;

    public override bool CanWrite => pipe.CanWrite;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    // What was written byte by byte may lie together by now.
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        pipe.ReadAsync(toHost.IsSliced && buffer.Length > 1 ? buffer[..1] : buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => pipe.WriteAsync(buffer, cancellationToken);

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

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync().ConfigureAwait(false);
        await relay.Completion.ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        pipe.Dispose();
        relay.NoteHostClosed();
        base.Dispose(disposing);
    }

    private static NotSupportedException OnlyAsynchronous() => new("A connection with wire faults is read and written asynchronously.");
}
