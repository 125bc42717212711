using Grpc.Core;

namespace Examples.Tests.Calls;

/// <summary>A stream that a test fills by hand.</summary>
internal sealed class QueueReader<T> : IAsyncStreamReader<T>
{
    private readonly System.Threading.Channels.Channel<T> _messages = System.Threading.Channels.Channel.CreateUnbounded<T>();

    public QueueReader(params IEnumerable<T> messages)
    {
        foreach (var message in messages)
            Add(message);
    }

    public T Current { get; private set; } = default!;

    public void Add(T message) => _messages.Writer.TryWrite(message);

    public QueueReader<T> End()
    {
        _messages.Writer.TryComplete();
        return this;
    }

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (!await _messages.Reader.WaitToReadAsync(cancellationToken) || !_messages.Reader.TryRead(out var message))
            return false;
        Current = message;
        return true;
    }
}
