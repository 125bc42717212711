using System.Runtime.CompilerServices;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Plugwire;

/// <summary>
/// Bytes over a contract: a method with <c>stream google.protobuf.BytesValue</c> on either side carries a <see cref="Stream"/>, in chunks, with one chunk in memory at a
/// time: who reads slowly slows down who writes.
/// </summary>
/// <example>
/// In the .proto: <c>rpc Compress(stream google.protobuf.BytesValue) returns (stream google.protobuf.BytesValue);</c>. The caller, with a stream in and a stream out:
/// <code>
/// await using var compressed = archive.CompressAsync(ByteStream.ReadAllAsync(File.OpenRead(path))).AsStream();
/// await compressed.CopyToAsync(output);
/// </code>
/// The handler:
/// <code>
/// public async IAsyncEnumerable&lt;BytesValue&gt; CompressAsync(
///     IAsyncEnumerable&lt;BytesValue&gt; requests, CallContext call, [EnumeratorCancellation] CancellationToken cancellationToken)
/// {
///     await using var input = requests.AsStream();
///     …
///     await foreach (var chunk in ByteStream.ReadAllAsync(output, cancellationToken: cancellationToken))
///         yield return chunk;
/// }
/// </code>
/// </example>
public static class ByteStream
{
    /// <summary>The length of a chunk where none is given, in bytes: 64 KiB.</summary>
    public const int DefaultChunkSize = 64 * 1024;

    /// <summary>Reads a stream to its end, in chunks.</summary>
    /// <param name="stream">The stream. It is disposed of when its enumeration ends, however that ends; of what is never enumerated nothing is read, and nothing disposed.</param>
    /// <param name="chunkSize">The longest chunk, in bytes; shorter than the longest message that both sides take. What the stream gives at once goes at once, also if it is less.</param>
    /// <param name="leaveOpen">Whether to leave the stream open at the end.</param>
    /// <param name="cancellationToken">Ends the reading, like the token of the enumeration.</param>
    /// <returns>The chunks, to be enumerated once. Their bytes are not copied again, and each keeps its own.</returns>
    /// <exception cref="ArgumentException">The stream cannot be read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A chunk of less than one byte.</exception>
    public static IAsyncEnumerable<BytesValue> ReadAllAsync(
        Stream stream, int chunkSize = DefaultChunkSize, bool leaveOpen = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfLessThan(chunkSize, 1);
        if (!stream.CanRead)
            throw new ArgumentException("The stream cannot be read: it is closed, or for writing only.", nameof(stream));
        return ReadAsync(stream, chunkSize, leaveOpen, cancellationToken);
    }

    /// <summary>Reads chunks as a stream.</summary>
    /// <param name="chunks">The chunks; enumerated from the first read on, and once.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <returns>
    /// A stream for one reader, who reads asynchronously only: a synchronous read throws <see cref="NotSupportedException"/>. A token that cancels one read ends the enumeration, and
    /// so does the disposal: of a call's responses it cancels the call. Prefer <c>await using</c>: a synchronous disposal ends the enumeration without waiting for that.
    /// </returns>
    public static Stream AsStream(this IAsyncEnumerable<BytesValue> chunks, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        return new Streaming.ChunkStream(chunks, cancellationToken);
    }

    private static async IAsyncEnumerable<BytesValue> ReadAsync(
        Stream stream, int chunkSize, bool leaveOpen, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            var buffer = Memory<byte>.Empty;
            while (true)
            {
                // A chunk has its bytes for itself, and what a short one left of a buffer is the next one's.
                if (buffer.Length < Math.Max(chunkSize / 4, 1))
                    buffer = new byte[chunkSize];
                var count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                if (count == 0)
                    yield break;

                yield return new BytesValue { Value = UnsafeByteOperations.UnsafeWrap(buffer[..count]) };
                buffer = buffer[count..];
            }
        }
        finally
        {
            if (!leaveOpen)
                await stream.DisposeAsync().ConfigureAwait(false);
        }
    }
}
