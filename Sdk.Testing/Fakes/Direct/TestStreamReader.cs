using Grpc.Core;

namespace Plugwire.Testing;

/// <summary>A stream of messages to read, for direct tests of classic services and of code that reads classic calls: from a sequence, one message at each read. For one reader.</summary>
/// <typeparam name="T">The messages' type.</typeparam>
public sealed class TestStreamReader<T> : IAsyncStreamReader<T>, IAsyncDisposable
    where T : class
{
    private readonly IAsyncEnumerable<T> _messages;
    private IAsyncEnumerator<T>? _enumerator;
    private bool _isOver;
    private T? _current;

    /// <summary>These messages, and then the end.</summary>
    /// <param name="messages">In their order.</param>
    public TestStreamReader(params IEnumerable<T> messages)
        : this((messages ?? throw new ArgumentNullException(nameof(messages))).ToAsyncEnumerable())
    {
    }

    /// <summary>What an enumerable gives, asked for a message at each read. What it throws is what the read throws: an <see cref="RpcException"/> for a call that fails.</summary>
    /// <param name="messages">Enumerated once, with the token of the first read.</param>
    public TestStreamReader(IAsyncEnumerable<T> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        _messages = messages;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There is none: <see cref="MoveNext"/> has not answered true.</exception>
    public T Current => _current ?? throw new InvalidOperationException("There is no current message: MoveNext has not answered true.");

    /// <inheritdoc/>
    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _current = null;
        if (_isOver)
            return false;

        _enumerator ??= _messages.GetAsyncEnumerator(cancellationToken);
        if (await _enumerator.MoveNextAsync().ConfigureAwait(false))
        {
            _current = _enumerator.Current;
            return true;
        }

        await DisposeAsync().ConfigureAwait(false);
        return false;
    }

    /// <summary>Lets go of the messages that have not been read. Not needed after the last.</summary>
    public async ValueTask DisposeAsync()
    {
        _isOver = true;
        if (_enumerator is { } enumerator)
            await enumerator.DisposeAsync().ConfigureAwait(false);
    }
}
