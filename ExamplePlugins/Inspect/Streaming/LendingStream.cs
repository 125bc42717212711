using System.Threading.Channels;

namespace Examples.Inspect.Streaming;

/// <summary>
/// The requests of one call, each lent to it until it is written: one sends, the call enumerates, and neither is ever more than one message ahead. A call asks for the
/// next message when it has written the one before, so that the sender may use the message's bytes again then.
/// </summary>
internal sealed class LendingStream<T> : IAsyncEnumerable<T>
    where T : class
{
    // Each side goes on on the other's thread: a message costs no change of threads.
    private static readonly BoundedChannelOptions One = new(1) { SingleReader = true, SingleWriter = true, AllowSynchronousContinuations = true };

    private readonly Channel<T> _lent = Channel.CreateBounded<T>(One);
    private readonly Channel<bool> _written = Channel.CreateBounded<bool>(One);
    private volatile bool _isComplete;

    /// <summary>Whether the sender has said that no further message follows.</summary>
    public bool IsComplete => _isComplete;

    /// <summary>For one sender, which awaits each message before it sends the next.</summary>
    /// <returns>True when the message is written; false when the call takes no more messages, because it has ended.</returns>
    public async ValueTask<bool> SendAsync(T message, CancellationToken cancellationToken) =>
        _lent.Writer.TryWrite(message) && await _written.Reader.WaitToReadAsync(cancellationToken) && _written.Reader.TryRead(out _);

    /// <summary>No further message follows.</summary>
    public void Complete()
    {
        _isComplete = true;
        _lent.Writer.TryComplete();
    }

    /// <summary>For one call, which enumerates once.</summary>
    public async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        try
        {
            await foreach (var message in _lent.Reader.ReadAllAsync(cancellationToken))
            {
                yield return message;
                _written.Writer.TryWrite(true);
            }
        }
        finally
        {
            _lent.Writer.TryComplete();
            _written.Writer.TryComplete();
        }
    }
}
