using System.Globalization;
using Google.Protobuf;
using Grpc.Core;

namespace Plugwire.Testing;

/// <summary>
/// A stream of messages to write, for direct tests of classic services and of code that writes to classic calls: it keeps a copy of each message. Safe for use by several threads.
/// </summary>
/// <typeparam name="T">The messages' type.</typeparam>
public sealed class TestStreamWriter<T> : IServerStreamWriter<T>, IClientStreamWriter<T>
    where T : class
{
    /// <summary>How many messages are taken; one more is a failure, so that a writer that never ends does.</summary>
    public const int Capacity = 10_000;

    private readonly Lock _gate = new();
    private readonly List<T> _messages = [];
    private bool _isCompleted;

    /// <summary>What has been written so far, in its order.</summary>
    public IReadOnlyList<T> Messages
    {
        get
        {
            lock (_gate)
                return [.. _messages];
        }
    }

    /// <summary>Whether the writer has said that nothing follows.</summary>
    public bool IsCompleted
    {
        get
        {
            lock (_gate)
                return _isCompleted;
        }
    }

    /// <inheritdoc/>
    public WriteOptions? WriteOptions { get; set; }

    /// <summary>Called before each message is taken, with the number of messages before it: what it throws is what the write throws, and what it waits for is back-pressure. Null, the default, is nothing.</summary>
    public Func<int, CancellationToken, Task>? BeforeWrite { get; init; }

    /// <inheritdoc/>
    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The writer has said that nothing follows.</exception>
    /// <exception cref="ExpectationException">There are <see cref="Capacity"/> messages already.</exception>
    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        cancellationToken.ThrowIfCancellationRequested();
        if (BeforeWrite is { } before)
            await before(Messages.Count, cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            if (_isCompleted)
                throw new InvalidOperationException("The stream has been completed: nothing may be written after CompleteAsync.");
            if (_messages.Count == Capacity)
                throw new ExpectationException(string.Create(CultureInfo.InvariantCulture, $"The stream of {typeof(T).Name} should end, and {Capacity} messages have been written to it without one. Does the writer heed its token?"));
            _messages.Add(message is IDeepCloneable<T> cloneable ? cloneable.Clone() : message);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">It has been completed before.</exception>
    public Task CompleteAsync()
    {
        lock (_gate)
        {
            if (_isCompleted)
                throw new InvalidOperationException("The stream has been completed before.");
            _isCompleted = true;
        }

        return Task.CompletedTask;
    }
}
