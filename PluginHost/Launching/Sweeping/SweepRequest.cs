namespace Plugwire.Hosting.Launching.Sweeping;

/// <summary>One launch whose descendants are to end.</summary>
internal sealed class SweepRequest(string launchId, TimeSpan budget, TimeProvider timeProvider)
{
    // One is not enough: a process that forked while the pass went by may have a child that the pass did not see.
    private const int CleanPassesNeeded = 2;

    private readonly TaskCompletionSource<IReadOnlyList<Survivor>> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _began = timeProvider.GetTimestamp();
    private int _cleanPasses;

    public string LaunchId => launchId;

    public Task<IReadOnlyList<Survivor>> Done => _done.Task;

    public void EndPass(IReadOnlyList<Survivor> found)
    {
        _cleanPasses = found.Count == 0 ? _cleanPasses + 1 : 0;
        if (_cleanPasses >= CleanPassesNeeded || timeProvider.GetElapsedTime(_began) >= budget)
            _done.TrySetResult(found);
    }

    public void Fail(Exception failure) => _done.TrySetException(failure);
}
