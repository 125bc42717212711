using System.Buffers;
using Grpc.Core;
using Plugwire.Wire.Http2;

namespace Plugwire.Wire.Rpc.Messages;

/// <summary>
/// A message that has come: parsed already, when it lay whole in the receive buffer, or its collected bytes, which its reader parses so that a long
/// message holds up nobody else's. Whoever holds it takes it once, or disposes it.
/// </summary>
internal readonly struct ReceivedMessage<T>
    where T : class
{
    private readonly T? _parsed;
    private readonly OutputBuffer? _bytes;

    public ReceivedMessage(T parsed, int wireSize)
    {
        _parsed = parsed;
        WireSize = wireSize;
    }

    public ReceivedMessage(OutputBuffer bytes, int wireSize)
    {
        _bytes = bytes;
        WireSize = wireSize;
    }

    /// <summary>What it took of the stream's window.</summary>
    public int WireSize { get; }

    public bool IsParsed => _parsed is not null;

    public T Take(Marshaller<T> marshaller)
    {
        if (_parsed is not null)
            return _parsed;

        using var bytes = _bytes!;
        return MessageDeserializer.Deserialize(marshaller, new ReadOnlySequence<byte>(bytes.Written));
    }

    public void Dispose() => _bytes?.Dispose();
}
