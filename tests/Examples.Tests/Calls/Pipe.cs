using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;

namespace Examples.Tests.Calls;

/// <summary>One direction of a call: bounded, and of bytes, so that a message may be used again once its write has ended.</summary>
internal sealed class Pipe<T>(int capacity) : IClientStreamWriter<T>, IServerStreamWriter<T>, IAsyncStreamReader<T>
{
    private readonly Channel<(byte[] Bytes, MessageParser Parser)> _messages = Channel.CreateBounded<(byte[], MessageParser)>(capacity);

    public T Current { get; private set; } = default!;

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        try
        {
            var serialised = (IMessage)message!;
            await _messages.Writer.WriteAsync((serialised.ToByteArray(), serialised.Descriptor.Parser), cancellationToken);
        }
        catch (ChannelClosedException closed) when (closed.InnerException is RpcException failure)
        {
            throw new RpcException(failure.Status);
        }
    }

    public Task CompleteAsync()
    {
        _messages.Writer.TryComplete();
        return Task.CompletedTask;
    }

    public void End(Exception? failure) => _messages.Writer.TryComplete(failure);

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (!await _messages.Reader.WaitToReadAsync(cancellationToken) || !_messages.Reader.TryRead(out var message))
            return false;
        Current = (T)message.Parser.ParseFrom(message.Bytes);
        return true;
    }
}
