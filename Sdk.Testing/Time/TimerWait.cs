namespace Plugwire.Testing.Time;

/// <summary>Somebody waits for timers to be armed.</summary>
internal sealed class TimerWait(Func<ArmedTimer, bool> predicate, int count)
{
    private readonly TaskCompletionSource _found = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Faults with what the predicate throws.</summary>
    public Task Found => _found.Task;

    /// <param name="armed">All that are.</param>
    public void Look(IEnumerable<ArmedTimer> armed)
    {
        try
        {
            if (!_found.Task.IsCompleted && armed.Where(predicate).Take(count).Count() == count)
                _found.TrySetResult();
        }
        catch (Exception failure)
        {
            // A test's mistake is the test's to see, not that of whoever arms a timer.
            _found.TrySetException(failure);
        }
    }
}
