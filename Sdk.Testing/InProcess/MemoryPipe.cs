using System.Globalization;
using System.Text;
using System.Threading.Channels;

namespace Plugwire.Testing.InProcess;

/// <summary>
/// An output of a plugin within this process, as the stream from which its host reads. Writers never wait, since they may hold a thread that the reader needs: what finds no room is
/// dropped, and a line at the end says how much that was.
/// </summary>
internal sealed class MemoryPipe : Stream
{
    private const int Capacity = 4 * 1024 * 1024;

    private readonly Channel<byte[]> _pieces = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private ReadOnlyMemory<byte> _rest;
    private long _unread;
    private long _dropped;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The plugin's side.</summary>
    /// <returns>False after the end, with nothing written.</returns>
    public bool Put(ReadOnlySpan<byte> bytes)
    {
        if (Interlocked.Add(ref _unread, bytes.Length) <= Capacity)
            return _pieces.Writer.TryWrite(bytes.ToArray());

        Interlocked.Add(ref _unread, -bytes.Length);
        Interlocked.Add(ref _dropped, bytes.Length);
        return true;
    }

    /// <summary>The plugin's side has ended: the reader gets what is there, and then the end.</summary>
    public void Complete()
    {
        if (Interlocked.Exchange(ref _dropped, 0) is var dropped and > 0)
            _pieces.Writer.TryWrite(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{dropped} bytes of output were dropped: nobody read them.\n")));
        _pieces.Writer.TryComplete();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_rest.IsEmpty)
        {
            if (!await _pieces.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
                return 0;
            if (_pieces.Reader.TryRead(out var piece))
                _rest = piece;
        }

        var count = Math.Min(_rest.Length, buffer.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        Interlocked.Add(ref _unread, -count);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream is read asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("This is the reader's side.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        Complete();
        base.Dispose(disposing);
    }
}
