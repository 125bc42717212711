using System.Buffers;
using Grpc.Core;
using Plugwire.Wire.Http2;

namespace Plugwire.Wire.Rpc.Messages;

/// <summary>
/// Cuts a stream's data into messages. One that lies whole in the receive buffer is parsed there, without a copy; a longer one is
/// collected as its frames come, and nothing is allocated ahead of what has come. Used by the read loop alone.
/// </summary>
internal sealed class MessageAssembler<T>(Marshaller<T> marshaller, int? limit)
    where T : class
{
    private readonly byte[] _prefixBytes = new byte[MessagePrefix.Size];
    private int _prefixLength;
    private MessagePrefix _prefix;
    private OutputBuffer? _collected;

    /// <summary>The encoding of compressed messages; null when the peer announced none.</summary>
    public string? Encoding { get; set; }

    /// <summary>Whether data has come that is not a whole message yet.</summary>
    public bool IsWithinMessage => _prefixLength > 0;

    /// <summary>The length, prefix included, of a message that has come in part; zero when there is none or its prefix is not whole.</summary>
    public int LengthUnderWay => _prefixLength == MessagePrefix.Size ? (int)_prefix.Length + MessagePrefix.Size : 0;

    /// <summary>Takes the next message out of the data. False when the data is used up.</summary>
    /// <exception cref="RpcException">The message is too long, or compressed in an unknown way, or its bytes make no message.</exception>
    public bool TryRead(ref ReadOnlySequence<byte> data, out ReceivedMessage<T> message)
    {
        message = default;
        if (_prefixLength < MessagePrefix.Size && !TryReadPrefix(ref data))
            return false;

        var length = (int)_prefix.Length;
        if (_collected is null && data.Length >= length)
        {
            var payload = data.Slice(0, length);
            data = data.Slice(length);
            _prefixLength = 0;
            message = _prefix.IsCompressed ? Received(Copy(payload)) : new ReceivedMessage<T>(Parse(payload), length + MessagePrefix.Size);
            return true;
        }

        _collected ??= NewBuffer(length);
        var piece = data.Slice(0, Math.Min(data.Length, length - _collected.Length));
        Append(piece, _collected);
        data = data.Slice(piece.End);
        if (_collected.Length < length)
            return false;

        message = Received(_collected);
        _collected = null;
        _prefixLength = 0;
        return true;
    }

    /// <summary>Gives back what has been collected.</summary>
    public void Clear()
    {
        _collected?.Dispose();
        _collected = null;
        _prefixLength = 0;
    }

    private bool TryReadPrefix(ref ReadOnlySequence<byte> data)
    {
        var piece = data.Slice(0, Math.Min(data.Length, MessagePrefix.Size - _prefixLength));
        piece.CopyTo(_prefixBytes.AsSpan(_prefixLength));
        data = data.Slice(piece.End);
        _prefixLength += (int)piece.Length;
        if (_prefixLength < MessagePrefix.Size)
            return false;

        if (!MessagePrefix.TryRead(_prefixBytes, out _prefix))
            throw Failure(StatusCode.Internal, $"A message's first byte says whether it is compressed, 0 or 1: it was {_prefixBytes[0]}.");
        if (_prefix.Length > (uint)(limit ?? int.MaxValue - MessagePrefix.Size))
            throw Failure(StatusCode.ResourceExhausted, $"A message of {_prefix.Length} bytes was received, the limit is {limit ?? int.MaxValue - MessagePrefix.Size} bytes.");
        if (_prefix.IsCompressed && Encoding is null or Gzip.Identity)
            throw Failure(StatusCode.Internal, "A message is marked as compressed, but no grpc-encoding was announced.");
        if (_prefix.IsCompressed && Encoding != Gzip.Name)
            throw Failure(StatusCode.Unimplemented, $"A message is compressed as '{Encoding}'; known are {Gzip.AcceptEncoding}.");
        return true;
    }

    private ReceivedMessage<T> Received(OutputBuffer bytes) => new(bytes, (int)_prefix.Length + MessagePrefix.Size, _prefix.IsCompressed, limit);

    private static OutputBuffer Copy(in ReadOnlySequence<byte> payload)
    {
        var bytes = NewBuffer((int)payload.Length);
        Append(payload, bytes);
        return bytes;
    }

    // Nothing is taken ahead of what has come, and no more for a short message than it is long: a stream's window may hold thousands.
    private static OutputBuffer NewBuffer(int length) => new(Math.Min(length, OutputBuffer.UsualSize));

    private static void Append(in ReadOnlySequence<byte> piece, OutputBuffer bytes)
    {
        foreach (var segment in piece)
            bytes.Write(segment.Span);
    }

    private T Parse(in ReadOnlySequence<byte> payload)
    {
        try
        {
            return MessageDeserializer.Deserialize(marshaller, payload);
        }
        catch (Exception exception)
        {
            throw Failure(StatusCode.Internal, $"A message of {payload.Length} bytes could not be parsed as {typeof(T).Name}: {exception.Message}", exception);
        }
    }

    private static RpcException Failure(StatusCode code, string detail, Exception? cause = null) => new(new Status(code, detail, cause));
}
