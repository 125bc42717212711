using System.Threading.Tasks.Sources;

namespace Plugwire.Testing.Probes.Metering;

/// <summary>
/// A stream that has always one more message, and knows when its reader is held up with one. Each message is made, and its reader woken, on a thread of the pool: the reader goes on right there, within
/// <see cref="IThreadPoolWorkItem.Execute"/>, so that when this is back without having been asked again, the reader waits for somebody else.
/// </summary>
internal sealed class MeteredStream<T>(Func<long, T> message, long mostBytes) : IAsyncEnumerable<T>, IAsyncEnumerator<T>, IValueTaskSource<bool>, IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _moved;
    private CancellationTokenRegistration _registration;
    private CancellationToken _token;
    private long _mostBytes = mostBytes;
    private long _bytes;
    private int _lastBytes;
    private long _end = long.MaxValue;
    private int _waking;
    private bool _isTaken;
    private bool _isAsked;
    private bool _isParked;
    private string? _over;

    public T Current { get; private set; } = default!;

    /// <summary>How many messages have been asked for and given.</summary>
    public long Pulled { get; private set; }

    /// <summary>The state now. The message that the reader has in hand is not one that it has got rid of, unless it asks for the next.</summary>
    public WriterState State()
    {
        lock (_gate)
        {
            var inHand = Pulled > 0 && !_isAsked;
            return new WriterState(inHand ? Pulled - 1 : Pulled, inHand ? _bytes - _lastBytes : _bytes, inHand && _waking == 0, _over);
        }
    }

    /// <summary>Lets it end when so many messages have been pulled, or as soon as it can, and lifts the bound.</summary>
    /// <returns>How many that will be.</returns>
    public long EndAt(long count)
    {
        bool wake;
        lock (_gate)
        {
            _end = Math.Max(count, Pulled);
            _mostBytes = long.MaxValue;
            (wake, _isParked) = (_isParked, false);
            count = _end;
        }

        if (wake)
            Wake();
        return count;
    }

    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_isTaken)
                throw new InvalidOperationException("The messages of this meter are being enumerated, or have been: make a new meter for each call.");
            _isTaken = true;
        }

        _token = cancellationToken;
        _registration = cancellationToken.UnsafeRegister(static state => ((MeteredStream<T>)state!).OnCancelled(), this);
        return this;
    }

    public ValueTask<bool> MoveNextAsync()
    {
        lock (_gate)
        {
            if (_isAsked)
                throw new InvalidOperationException("The previous MoveNextAsync has not ended: await each before the next.");
            _isAsked = true;
            _moved.Reset();
            return new ValueTask<bool>(this, _moved.Version);
        }
    }

    public ValueTask DisposeAsync()
    {
        _registration.Unregister();
        lock (_gate)
            _over ??= "its reader has turned away.";
        return ValueTask.CompletedTask;
    }

    // Its turn has come: a message, the end, a failure.
    void IThreadPoolWorkItem.Execute()
    {
        bool? hasMessage = null;
        Exception? failure = null;
        lock (_gate)
        {
            try
            {
                hasMessage = Next();
            }
            catch (Exception exception)
            {
                failure = exception;
                _over = $"the test's function for its messages has failed with {MessageText.Of(exception)}";
            }

            if (hasMessage is null && failure is null)
                return;
            _isAsked = false;
            _waking++;
        }

        if (failure is null)
            _moved.SetResult(hasMessage!.Value);
        else
            _moved.SetException(failure);
        lock (_gate)
            _waking--;
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _moved.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _moved.GetStatus(token);

    // Not before somebody is there to go on within the wake-up.
    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        _moved.OnCompleted(continuation, state, token, flags);
        Wake();
    }

    private void Wake() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    private void OnCancelled()
    {
        bool wake;
        lock (_gate)
        {
            _over ??= "its token has fired.";
            (wake, _isParked) = (_isParked, false);
        }

        if (wake)
            Wake();
    }

    // Under the gate. Null: it waits until it is let go on.
    private bool? Next()
    {
        _token.ThrowIfCancellationRequested();
        if (Pulled >= _end)
        {
            _over ??= "it has ended.";
            return false;
        }

        if (_bytes >= _mostBytes)
        {
            _isParked = true;
            return null;
        }

        Current = message(Pulled);
        Pulled++;
        _lastBytes = MessageSize.OnTheWire(Current);
        _bytes += _lastBytes;
        return true;
    }
}
