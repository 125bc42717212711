using System.Threading.Tasks.Sources;

namespace Plugwire.Streaming;

/// <summary>
/// The messages of one call in one direction, to be enumerated once: the enumerable and its enumerator in one object. A message that has come costs
/// nothing; where one must be waited for, this object itself is what is waited on.
/// </summary>
internal abstract class MessageStream<T> : IAsyncEnumerable<T>, IAsyncEnumerator<T>, IValueTaskSource<bool>
    where T : class
{
    private ManualResetValueTaskSourceCore<bool> _moved;
    private Action? _onMoved;
    private Task<bool>? _moving;
    private T? _current;
    private int _isTaken;
    private bool _isSettling;

    public T Current => _current ?? throw new InvalidOperationException("There is no current message: MoveNextAsync has not answered true.");

    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isTaken, 1) != 0)
            throw new InvalidOperationException(TakenTwice);

        OnTaken(cancellationToken);
        return this;
    }

    public ValueTask<bool> MoveNextAsync()
    {
        if (_moving is not null)
            throw new InvalidOperationException("The previous MoveNextAsync has not ended: await each before the next.");
        _current = null;
        if (IsOver)
            return new ValueTask<bool>(false);

        Task<bool> moving;
        try
        {
            moving = ReadNextAsync();
            if (!MustSettle && IsTrue(moving))
            {
                _current = Message;
                return new ValueTask<bool>(true);
            }
        }
        catch (Exception exception)
        {
            moving = Task.FromException<bool>(exception);
        }

        _moved.Reset();
        _moving = moving;
        _isSettling = false;
        if (moving.IsCompleted)
            OnMoved();
        else
            Await(moving);
        return new ValueTask<bool>(this, _moved.Version);
    }

    public abstract ValueTask DisposeAsync();

    bool IValueTaskSource<bool>.GetResult(short token) => _moved.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _moved.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _moved.OnCompleted(continuation, state, token, flags);

    /// <summary>What is wrong when the enumerable is enumerated again, and what to do.</summary>
    protected abstract string TakenTwice { get; }

    /// <summary>Whether no further message is to be read.</summary>
    protected abstract bool IsOver { get; }

    /// <summary>Whether also a message that has come goes through <see cref="SettleAsync"/>.</summary>
    protected abstract bool MustSettle { get; }

    /// <summary>The message that was read.</summary>
    protected abstract T Message { get; }

    /// <summary>The enumeration begins.</summary>
    protected abstract void OnTaken(CancellationToken cancellationToken);

    /// <summary>Reads on.</summary>
    protected abstract Task<bool> ReadNextAsync();

    /// <summary>Says what a read that brought no message, be it the end or a failure, means for the enumeration. Called at most once more after the last message.</summary>
    protected abstract Task<bool> SettleAsync(Task<bool> moving);

    private static bool IsTrue(Task<bool> moving) => moving.IsCompletedSuccessfully && moving.GetAwaiter().GetResult();

    private void Await(Task<bool> moving) => moving.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_onMoved ??= OnMoved);

    private void OnMoved()
    {
        bool result;
        try
        {
            var moving = _moving!;
            if (!_isSettling && (MustSettle || !IsTrue(moving)))
            {
                _isSettling = true;
                _moving = moving = SettleAsync(moving);
                if (!moving.IsCompleted)
                {
                    Await(moving);
                    return;
                }
            }

            result = moving.GetAwaiter().GetResult();
            if (result)
                _current = Message;
        }
        catch (Exception exception)
        {
            _moving = null;
            _moved.SetException(exception);
            return;
        }

        // Before the result: whoever waits for it reads on at once, right here.
        _moving = null;
        _moved.SetResult(result);
    }
}
