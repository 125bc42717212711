using System.Buffers;
using Grpc.Core;

namespace Plugwire.Testing.Fakes.Local;

/// <summary>Messages as they travel, so that the two sides of a call never share one.</summary>
internal static class MessageBytes
{
    public static byte[] Write<T>(Marshaller<T> marshaller, T message)
    {
        var context = new Writing();
        marshaller.ContextualSerializer(message, context);
        return context.Bytes;
    }

    public static T Read<T>(Marshaller<T> marshaller, byte[] bytes) => marshaller.ContextualDeserializer(new Reading(bytes));

    private sealed class Writing : SerializationContext
    {
        private readonly ArrayBufferWriter<byte> _buffer = new();

        public byte[] Bytes { get; private set; } = [];

        public override void Complete(byte[] payload) => Bytes = payload;

        public override void Complete() => Bytes = _buffer.WrittenSpan.ToArray();

        public override IBufferWriter<byte> GetBufferWriter() => _buffer;

        public override void SetPayloadLength(int payloadLength)
        {
        }
    }

    private sealed class Reading(byte[] bytes) : DeserializationContext
    {
        public override int PayloadLength => bytes.Length;

        public override byte[] PayloadAsNewBuffer() => [.. bytes];

        public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => new(bytes);
    }
}
