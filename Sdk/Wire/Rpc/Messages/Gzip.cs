using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using Plugwire.Wire.Http2;

namespace Plugwire.Wire.Rpc.Messages;

/// <summary>The one message encoding beside identity.</summary>
internal static class Gzip
{
    public const string Name = "gzip";
    public const string Identity = "identity";
    public const string AcceptEncoding = "identity,gzip";

    /// <summary>Room for what a message decompresses to, in pieces: one buffer that doubled would take up to three times the message's length while it grows.</summary>
    public static readonly PipeOptions InPieces = new(pauseWriterThreshold: 0, minimumSegmentSize: 16 * 1024, useSynchronizationContext: false);

    public static void Compress(ReadOnlySpan<byte> message, OutputBuffer output)
    {
        using var sink = new BufferStream(output);
        using var gzip = new GZipStream(sink, CompressionLevel.Fastest);
        gzip.Write(message);
    }

    /// <summary>Decompresses, and counts against the limit while it does: a small message may stand for a huge one.</summary>
    /// <exception cref="MessageLimitException">What comes out is longer than the limit.</exception>
    /// <exception cref="InvalidDataException">What goes in is not gzip.</exception>
    public static void Decompress(ReadOnlySequence<byte> compressed, int limit, IBufferWriter<byte> output)
    {
        using var source = new MemoryStream(compressed.ToArray(), writable: false);
        using var gzip = new GZipStream(source, CompressionMode.Decompress);
        for (var left = limit; left > 0;)
        {
            var room = output.GetSpan();
            var read = gzip.Read(room[..Math.Min(room.Length, left)]);
            if (read == 0)
                return;

            output.Advance(read);
            left -= read;
        }

        if (gzip.ReadByte() >= 0)
            throw new MessageLimitException($"A message decompresses to more than the limit of {limit} bytes.");
    }

    // GZipStream writes to a stream; this one appends to the buffer.
    private sealed class BufferStream(OutputBuffer output) : Stream
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

        public override void Write(byte[] buffer, int offset, int count) => output.Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer) => output.Write(buffer);

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
