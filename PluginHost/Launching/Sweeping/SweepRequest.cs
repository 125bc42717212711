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

    /// <param name="found">Those that carried the launch's id.</param>
    /// <param name="isClear">Whether every process could be told; one that was just becoming another program could not.</param>
    public void EndPass(IReadOnlyList<Survivor> found, bool isClear)
    {
        _cleanPasses = found.Count == 0 && isClear ? _cleanPasses + 1 : 0;
        if (_cleanPasses >= CleanPassesNeeded || timeProvider.GetElapsedTime(_began) >= budget)
            _done.TrySetResult(found);
    }

    public void Fail(Exception failure) => _done.TrySetException(failure);
}
