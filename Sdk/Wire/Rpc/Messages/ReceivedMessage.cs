using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using Grpc.Core;
using Plugwire.Wire.Http2;

namespace Plugwire.Wire.Rpc.Messages;

/// <summary>
/// A message that has come: parsed already, when it lay whole in the receive buffer, or its bytes, which its reader unpacks and parses: a long message then holds up nobody
/// else's, and a compressed one takes no more room than its stream's window, until there is somebody who wants it. Whoever holds it takes it once, or disposes it.
/// </summary>
internal readonly struct ReceivedMessage<T>
    where T : class
{
    private const int NotCompressed = -1;

    private readonly T? _parsed;
    private readonly OutputBuffer? _bytes;
    private readonly int _unpackLimit;

    public ReceivedMessage(T parsed, int wireSize)
    {
        _parsed = parsed;
        WireSize = wireSize;
    }

    /// <param name="bytes">Owned from here on.</param>
    /// <param name="wireSize">What they took of the stream's window.</param>
    /// <param name="isCompressed">Whether they are gzip.</param>
    /// <param name="limit">The longest message that they may unpack to, in bytes; null for no limit.</param>
    public ReceivedMessage(OutputBuffer bytes, int wireSize, bool isCompressed, int? limit)
    {
        _bytes = bytes;
        _unpackLimit = isCompressed ? limit ?? int.MaxValue : NotCompressed;
        WireSize = wireSize;
    }

    /// <summary>What it took of the stream's window.</summary>
    public int WireSize { get; }

    public bool IsParsed => _parsed is not null;

    /// <exception cref="MessageLimitException">What it unpacks to is longer than the limit.</exception>
    /// <exception cref="InvalidDataException">It is marked as gzip and is none.</exception>
    public T Take(Marshaller<T> marshaller)
    {
        if (_parsed is not null)
            return _parsed;

        using var bytes = _bytes!;
        if (_unpackLimit == NotCompressed)
            return MessageDeserializer.Deserialize(marshaller, new ReadOnlySequence<byte>(bytes.Written));

        var plain = new Pipe(Gzip.InPieces);
        try
        {
            Gzip.Decompress(new ReadOnlySequence<byte>(bytes.Written), _unpackLimit, plain.Writer);
            plain.Writer.Complete();
            return plain.Reader.TryRead(out var result) ? MessageDeserializer.Deserialize(marshaller, result.Buffer) : throw new UnreachableException();
        }
        finally
        {
            plain.Writer.Complete();
            plain.Reader.Complete();
        }
    }

    public void Dispose() => _bytes?.Dispose();
}
