using System.Threading.Tasks.Sources;

namespace Plugwire.Wire.Rpc.Messages;

/// <summary>
/// The messages of one stream between the read loop, which adds, and one reader, which takes. Bounded by the stream's window: what
/// is not taken is not granted again.
/// </summary>
internal sealed class MessageQueue<T> : IValueTaskSource
    where T : class
{
    private readonly Lock _gate = new();
    private readonly Queue<ReceivedMessage<T>> _messages = new();

    // Continuations run on the pool: the read loop never runs a reader's code.
    private ManualResetValueTaskSourceCore<bool> _changed = new() { RunContinuationsAsynchronously = true };
    private bool _hasWaiter;
    private bool _isSignalled;
    private bool _isEnded;

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
                return _messages.Count == 0;
        }
    }

    /// <summary>Adds a message, unless the queue has ended.</summary>
    public void Add(in ReceivedMessage<T> message)
    {
        lock (_gate)
        {
            if (_isEnded)
            {
                message.Dispose();
                return;
            }

            _messages.Enqueue(message);
        }

        Wake();
    }

    /// <summary>No further message comes. What is there is still taken, unless <paramref name="discard"/> is set.</summary>
    public void End(bool discard)
    {
        lock (_gate)
        {
            _isEnded = true;
            if (discard)
            {
                while (_messages.TryDequeue(out var message))
                    message.Dispose();
            }
        }

        Wake();
    }

    /// <summary>Takes the next message. With neither a message nor an end there is something to wait for: <see cref="WaitAsync"/>.</summary>
    public bool TryTake(out ReceivedMessage<T> message, out bool isEnded)
    {
        lock (_gate)
        {
            var taken = _messages.TryDequeue(out message);
            isEnded = !taken && _isEnded;
            return taken;
        }
    }

    /// <summary>Ends when there is a message, or the end, or <see cref="Wake"/> was called. One waiter at a time.</summary>
    /// <exception cref="InvalidOperationException">Someone else is waiting.</exception>
    public ValueTask WaitAsync()
    {
        lock (_gate)
        {
            if (_hasWaiter)
                throw new InvalidOperationException("The previous read on this stream has not ended: await each MoveNext before the next.");
            if (_messages.Count > 0 || _isEnded)
                return ValueTask.CompletedTask;

            _hasWaiter = true;
            _changed.Reset();
            return new ValueTask(this, _changed.Version);
        }
    }

    /// <summary>Lets the waiter look again, if there is one.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            if (!_hasWaiter || _isSignalled)
                return;
            _isSignalled = true;
        }

        _changed.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token)
    {
        _changed.GetResult(token);
        lock (_gate)
        {
            _hasWaiter = false;
            _isSignalled = false;
        }
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _changed.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _changed.OnCompleted(continuation, state, token, flags);
}
