namespace Plugwire.TestPlugins.ConformanceHost;

/// <summary>A pipe of the plugin's, as the host that is to go wrong reads it.</summary>
internal sealed class FaultyPipe(Stream pipe, PipeFault fault) : Stream
{
    private readonly List<byte[]> _kept = [];
    private readonly CancellationTokenSource _disposed = new();
    private int _reads;

    /// <summary>What the first read becomes.</summary>
    public Func<byte[], byte[]> Rewrite { get; init; } = static bytes => bytes;

    /// <summary>Bytes that end the host, when they come together.</summary>
    public byte[] Deadly { get; init; } = [];

    /// <summary>How many a read gets at most.</summary>
    public int MostBytes { get; init; } = int.MaxValue;

    /// <summary>Whether a read after the last hangs; else it is the end.</summary>
    public bool Hangs { get; init; }

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
        if (fault == PipeFault.IsReadOnce && _reads++ > 0)
        {
            if (Hangs)
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _disposed.Token);
            return 0;
        }

        var count = await pipe.ReadAsync(buffer[..Math.Min(buffer.Length, MostBytes)], cancellationToken);
        switch (fault)
        {
            case PipeFault.IsRewritten when _reads++ == 0:
                var rewritten = Rewrite(buffer[..count].ToArray());
                rewritten.CopyTo(buffer);
                return rewritten.Length;
            case PipeFault.IsKept:
                _kept.Add(buffer[..count].ToArray());
                break;
            case PipeFault.EndsTheHost when buffer.Span[..count].IndexOf(Deadly) >= 0:
            case PipeFault.EndsTheHostWithItself when count == 0:
                Environment.Exit(2);
                break;
        }

        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _disposed.Cancel();
            pipe.Dispose();
        }

        base.Dispose(disposing);
    }
}
