using System.Buffers;
using Grpc.Core;

namespace Plugwire.Wire.Rpc.Messages;

/// <summary>Hands one message's bytes to its marshaller, straight from the buffer they were received in.</summary>
internal sealed class MessageDeserializer : DeserializationContext
{
    [ThreadStatic]
    private static MessageDeserializer? _cached;

    private ReadOnlySequence<byte> _payload;

    public static T Deserialize<T>(Marshaller<T> marshaller, in ReadOnlySequence<byte> payload)
    {
        var deserializer = _cached ?? new MessageDeserializer();
        _cached = null;
        deserializer._payload = payload;
        try
        {
            return marshaller.ContextualDeserializer(deserializer);
        }
        finally
        {
            deserializer._payload = default;
            _cached = deserializer;
        }
    }

    public override int PayloadLength => (int)_payload.Length;

    public override byte[] PayloadAsNewBuffer() => _payload.ToArray();

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => _payload;
}
