namespace Plugwire.TestPlugins.Faulty;

/// <summary>How many call scopes have been closed.</summary>
internal sealed class ScopeCount
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _closed;

    public void Close()
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _closed++;
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
    }

    public async Task<int> AtLeastAsync(int count, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_closed >= count)
                    return _closed;
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }
}
