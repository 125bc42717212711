namespace Plugwire.Testing.Logs;

/// <summary>Somebody waits for an entry.</summary>
internal sealed class LogWait(Func<LogRecord, bool> predicate)
{
    private readonly TaskCompletionSource<LogRecord> _found = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Faults with what the predicate throws.</summary>
    public Task<LogRecord> Found => _found.Task;

    public void Look(LogRecord record)
    {
        try
        {
            if (!_found.Task.IsCompleted && predicate(record))
                _found.TrySetResult(record);
        }
        catch (Exception failure)
        {
            // A test's mistake is the test's to see, not that of whoever logs.
            _found.TrySetException(failure);
        }
    }
}
