namespace Plugwire.Testing.Probes;

/// <summary>The one enumeration of a source. Its source guards what is served to it.</summary>
/// <param name="asked">A read waits.</param>
/// <param name="cancelled">Its token has fired.</param>
/// <param name="disposed">It reads no more.</param>
internal sealed class SourceReader<T>(Action asked, Action cancelled, Action disposed) : IAsyncEnumerator<T>
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<bool>? _waiting;
    private CancellationTokenRegistration _registration;
    private CancellationToken _token;
    private bool _isOver;

    public T Current { get; private set; } = default!;

    public bool IsWaiting
    {
        get
        {
            lock (_gate)
                return _waiting is not null;
        }
    }

    public void Follow(CancellationToken cancellationToken)
    {
        _token = cancellationToken;
        _registration = cancellationToken.UnsafeRegister(static state => ((SourceReader<T>)state!).OnCancelled(), this);
    }

    public ValueTask<bool> MoveNextAsync()
    {
        if (_token.IsCancellationRequested)
            return ValueTask.FromCanceled<bool>(_token);

        Task<bool> waiting;
        lock (_gate)
        {
            if (_waiting is not null)
                throw new InvalidOperationException("The previous MoveNextAsync has not ended: await each before the next.");
            if (_isOver)
                return new ValueTask<bool>(false);
            _waiting = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting = _waiting.Task;
        }

        asked();

        // A cancellation that came before there was a read to cancel.
        if (_token.IsCancellationRequested)
            cancelled();
        return new ValueTask<bool>(waiting);
    }

    public ValueTask DisposeAsync()
    {
        _registration.Unregister();
        lock (_gate)
            _isOver = true;
        disposed();
        return ValueTask.CompletedTask;
    }

    public void Take(T message)
    {
        Current = message;
        TakeWaiting()?.TrySetResult(true);
    }

    public void End(Exception? failure)
    {
        lock (_gate)
            _isOver = true;
        if (TakeWaiting() is not { } waiting)
            return;
        if (failure is null)
            waiting.TrySetResult(false);
        else
            waiting.TrySetException(failure);
    }

    public void Cancel() => TakeWaiting()?.TrySetCanceled(_token);

    private void OnCancelled() => cancelled();

    private TaskCompletionSource<bool>? TakeWaiting()
    {
        lock (_gate)
        {
            var waiting = _waiting;
            _waiting = null;
            return waiting;
        }
    }
}
