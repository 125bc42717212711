using System.Threading.Channels;
using Grpc.Core;

namespace Examples.Tests.Calls;

/// <summary>A stream that a test reads from: it takes so many messages, then makes the writer wait.</summary>
internal sealed class QueueWriter<T>(int capacity) : IServerStreamWriter<T>, IClientStreamWriter<T>
{
    private readonly Channel<T> _messages = Channel.CreateBounded<T>(capacity);

    public ChannelReader<T> Messages => _messages.Reader;

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(T message, CancellationToken cancellationToken) => _messages.Writer.WriteAsync(message, cancellationToken).AsTask();

    public Task CompleteAsync()
    {
        _messages.Writer.TryComplete();
        return Task.CompletedTask;
    }
}
