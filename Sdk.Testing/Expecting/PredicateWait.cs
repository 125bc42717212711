namespace Plugwire.Testing.Expecting;

/// <summary>Somebody waits for the first item, of those that come, for which a predicate is true.</summary>
internal sealed class PredicateWait<T>(Func<T, bool> predicate)
{
    private readonly TaskCompletionSource<T> _found = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Faults with what the predicate throws.</summary>
    public Task<T> Found => _found.Task;

    public void Look(T item)
    {
        try
        {
            if (!_found.Task.IsCompleted && predicate(item))
                _found.TrySetResult(item);
        }
        catch (Exception failure)
        {
            // A test's mistake is the test's to see, not that of whoever brings the item.
            _found.TrySetException(failure);
        }
    }
}
