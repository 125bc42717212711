using System.Buffers;
using Grpc.Core;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Rpc.Messages;

namespace Plugwire.Wire.Rpc;

/// <summary>A stream that carries gRPC messages: what a call's two sides have in common, the way of a message from the wire to its reader.</summary>
internal abstract class RpcStream<TIncoming>(Http2Connection connection, Marshaller<TIncoming> marshaller, int? maxReceiveMessageSize)
    : Http2Stream(connection)
    where TIncoming : class
{
    private readonly MessageAssembler<TIncoming> _assembler = new(marshaller, maxReceiveMessageSize);
    private int _lengthUnderWay;

    protected string? IncomingEncoding
    {
        set => _assembler.Encoding = value;
    }

    /// <summary>Whether the peer's side ended within a message.</summary>
    protected bool EndedWithinMessage => _assembler.IsWithinMessage;

    /// <summary>Whether nothing waits to be read, so that a message longer than the window may come.</summary>
    protected abstract bool HasReadAll { get; }

    /// <summary>Takes the next message, waiting for it as long as it takes. False when there is none any more.</summary>
    public abstract Task<bool> MoveNextAsync(RpcStreamReader<TIncoming> reader, CancellationToken cancellationToken);

    /// <summary>Takes a message that has come, without waiting.</summary>
    /// <exception cref="RpcException">It could not be parsed.</exception>
    public abstract bool TryTakeNext(RpcStreamReader<TIncoming> reader);

    protected internal sealed override void OnData(in ReadOnlySequence<byte> data)
    {
        var rest = data;
        try
        {
            while (_assembler.TryRead(ref rest, out var message))
            {
                // Before its reader can know of it: what is whole needs no room any more.
                Volatile.Write(ref _lengthUnderWay, 0);
                OnMessage(message);
            }
        }
        catch (RpcException exception)
        {
            _assembler.Clear();
            OnUnreadable(exception.Status);
            return;
        }

        if (_assembler.LengthUnderWay > 0)
        {
            Volatile.Write(ref _lengthUnderWay, _assembler.LengthUnderWay);
            AllowIfRead();
        }
    }

    /// <summary>A whole message has come.</summary>
    protected abstract void OnMessage(in ReceivedMessage<TIncoming> message);

    /// <summary>What came makes no message: the call ends with this status.</summary>
    protected abstract void OnUnreadable(in Status status);

    /// <summary>Gives a message's bytes back to the window, and lets the next come whole if it is longer than that.</summary>
    protected TIncoming Take(in ReceivedMessage<TIncoming> message)
    {
        Release(message.WireSize);
        AllowIfRead();
        try
        {
            return message.Take(marshaller);
        }
        catch (MessageLimitException exception)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, exception.Message, exception));
        }
        catch (InvalidDataException exception)
        {
            throw new RpcException(new Status(
                StatusCode.Internal, $"A compressed message of {message.WireSize} bytes could not be decompressed: {exception.Message}", exception));
        }
        catch (Exception exception)
        {
            throw new RpcException(new Status(
                StatusCode.Internal, $"A message of {message.WireSize} bytes could not be parsed as {typeof(TIncoming).Name}: {exception.Message}", exception));
        }
    }

    // Both the read loop, which learns that a message is not whole, and the reader, which takes what was before it, come here. The last of the two
    // finds all that came before given back, so each asks: to ask for what is allowed already changes nothing.
    private void AllowIfRead()
    {
        if (Volatile.Read(ref _lengthUnderWay) is > 0 and var length && HasReadAll)
            AllowMessage(length);
    }
}
