using Examples.Inspect.Walking;
using Examples.Inspection;
using Google.Protobuf;
using Microsoft.Win32.SafeHandles;

namespace Examples.Inspect.Streaming;

/// <summary>Reads files and sends each, in chunks, to all inspectors at once. One buffer, whatever the file's size.</summary>
internal sealed class FileSender(IReadOnlyList<InspectorCall> calls, InspectionCounts counts)
{
    public const int ChunkSize = 64 * 1024;

    /// <summary>A file with a NUL in so many first bytes is binary; a NUL further on is not looked at.</summary>
    public const int ProbedForNul = 32 * 1024;

    private const int MaxPathLength = 1024 * 1024;

    private readonly byte[] _buffer = new byte[ChunkSize];
    private readonly Task[] _writes = new Task[calls.Count];

    /// <summary>Sends the file the walker stands at; what is returned says why when it was not sent, or not to its end.</summary>
    public async Task<TreeEntry> SendAsync(ITreeWalker walker, TreeEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Path.Length > MaxPathLength)
            return entry with { Skip = SkipReason.Unreadable, Why = $"its path has {entry.Path.Length} bytes: the limit is {MaxPathLength}" };

        var opened = walker.Open();
        if (opened.Handle is null)
            return entry with { Skip = opened.Skip, Why = opened.Why };
        using var file = opened.Handle;

        var length = Fill(file, 0, out var error);
        if (error is not null)
            return entry with { Skip = SkipReason.Unreadable, Why = error };
        if (length == 0)
            return entry with { Skip = SkipReason.Empty };
        if (_buffer.AsSpan(0, Math.Min(length, ProbedForNul)).Contains((byte)0))
            return entry with { Skip = SkipReason.Binary };

        await SendChunkAsync(entry.Path, length, length < ChunkSize, cancellationToken);
        for (long offset = length; length == ChunkSize; offset += length)
        {
            length = Fill(file, offset, out error);
            await SendChunkAsync(null, length, length < ChunkSize, cancellationToken);
        }

        counts.AddFile();
        return error is null ? entry : entry with { Skip = SkipReason.Unreadable, Why = $"only its beginning was read: {error}" };
    }

    private async Task SendChunkAsync(byte[]? path, int length, bool last, CancellationToken cancellationToken)
    {
        // The buffer is lent to the message: it is ours again when the writes have ended.
        var chunk = new FileChunk { Data = UnsafeByteOperations.UnsafeWrap(_buffer.AsMemory(0, length)), Last = last };
        if (path is not null)
            chunk.Path = UnsafeByteOperations.UnsafeWrap(path);

        for (var i = 0; i < _writes.Length; i++)
            _writes[i] = calls[i].SendAsync(chunk, cancellationToken);
        await Task.WhenAll(_writes);
        counts.AddBytes(length);
    }

    /// <summary>Fills the buffer, which only the file's end or an error leaves unfilled.</summary>
    private int Fill(SafeFileHandle file, long offset, out string? error)
    {
        var filled = 0;
        error = null;
        try
        {
            while (filled < ChunkSize)
            {
                var read = RandomAccess.Read(file, _buffer.AsSpan(filled), offset + filled);
                if (read == 0)
                    break;
                filled += read;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            error = exception.Message;
        }

        return filled;
    }
}
