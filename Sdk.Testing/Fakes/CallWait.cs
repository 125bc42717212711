namespace Plugwire.Testing.Fakes;

/// <summary>Somebody waits for a call.</summary>
internal sealed class CallWait<TCall>(Func<TCall, bool> predicate)
{
    private readonly TaskCompletionSource<TCall> _found = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Faults with what the predicate throws.</summary>
    public Task<TCall> Found => _found.Task;

    public void Look(TCall call)
    {
        try
        {
            if (!_found.Task.IsCompleted && predicate(call))
                _found.TrySetResult(call);
        }
        catch (Exception failure)
        {
            // A test's mistake is the test's to see, not that of whoever calls.
            _found.TrySetException(failure);
        }
    }
}
