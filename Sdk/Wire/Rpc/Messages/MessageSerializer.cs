using System.Buffers;
using Grpc.Core;
using Plugwire.Wire.Http2;

namespace Plugwire.Wire.Rpc.Messages;

/// <summary>Turns one message into its bytes on the wire, prefix included. One for each thread that serializes: see <see cref="Serialize"/>.</summary>
internal sealed class MessageSerializer : SerializationContext
{
    [ThreadStatic]
    private static MessageSerializer? _cached;

    private OutputBuffer? _output;
    private bool _isComplete;

    /// <summary>Serializes a message into a buffer of its own, which the caller passes on or disposes.</summary>
    /// <param name="marshaller">The method's.</param>
    /// <param name="message">The message.</param>
    /// <param name="compress">Whether to compress it.</param>
    /// <param name="limit">The longest message, uncompressed, that may be sent; null for none.</param>
    /// <exception cref="MessageLimitException">The message is longer.</exception>
    public static OutputBuffer Serialize<T>(Marshaller<T> marshaller, T message, bool compress, int? limit)
    {
        var serializer = _cached ?? new MessageSerializer();

        // A marshaller may itself serialize another message: it then makes a serializer of its own.
        _cached = null;
        var output = new OutputBuffer();
        try
        {
            serializer.Run(marshaller, message, output);
            var length = output.Length - MessagePrefix.Size;
            if (length > limit)
                throw new MessageLimitException($"A message of {length} bytes is to be sent, the limit is {limit} bytes.");

            if (compress)
                return Compress(output);
            new MessagePrefix(IsCompressed: false, (uint)length).Write(output.WrittenFrom(0));
            return output;
        }
        catch
        {
            output.Dispose();
            throw;
        }
        finally
        {
            _cached = serializer;
        }
    }

    public override void SetPayloadLength(int payloadLength)
    {
        // Room for all of it at once.
        Output.GetSpan(payloadLength);
    }

    public override IBufferWriter<byte> GetBufferWriter() => Output;

    public override void Complete(byte[] payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        Output.Write(payload);
        _isComplete = true;
    }

    public override void Complete() => _isComplete = true;

    private OutputBuffer Output => _output ?? throw new InvalidOperationException("The serialization context is used after serialization.");

    private void Run<T>(Marshaller<T> marshaller, T message, OutputBuffer output)
    {
        _output = output;
        _isComplete = false;
        try
        {
            output.GetSpan(MessagePrefix.Size);
            output.Advance(MessagePrefix.Size);
            marshaller.ContextualSerializer(message, this);
            if (!_isComplete)
                throw new InvalidOperationException("The marshaller did not complete the serialization of a message: it calls Complete at its end.");
        }
        finally
        {
            _output = null;
        }
    }

    private static OutputBuffer Compress(OutputBuffer plain)
    {
        var output = new OutputBuffer();
        output.GetSpan(MessagePrefix.Size);
        output.Advance(MessagePrefix.Size);
        Gzip.Compress(plain.Written.Span[MessagePrefix.Size..], output);
        new MessagePrefix(IsCompressed: true, (uint)(output.Length - MessagePrefix.Size)).Write(output.WrittenFrom(0));
        plain.Dispose();
        return output;
    }
}
