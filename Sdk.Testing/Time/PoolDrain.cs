using Plugwire.Testing.Expecting;

namespace Plugwire.Testing.Time;

/// <summary>
/// Lets the thread pool run what is there to be run, and what follows from that, though nobody can say which of its work is whose.
/// </summary>
/// <remarks>
/// <para>
/// It is over for certain when the pool has nothing to do: no work item waits, and no thread works but the one that looks. Work that is taken up or done while it looks shows in the count of what is done.
/// </para>
/// <para>
/// Where other work never ends, work items of its own go through the queue behind what is there. One that has come to its turn on a thread shows that the thread has done what it took before, and has
/// nothing left in the queue of its own, which it looks into first. A round is over when as many threads have shown that as are at work: then all that waited at its beginning has been taken, and
/// all that ran has been done. So each round brings a chain of hand-overs on by one link at least; by half of one where a thread takes a link from another's queue after it has shown itself. A thread that
/// does not come to its turn in a while, because it is blocked or computes, is waited for once, and left out of account from then on. One that only has no processor, as on a machine with more to do than it
/// can, is neither, and is waited for (on Linux, which tells).
/// </para>
/// </remarks>
internal sealed class PoolDrain(Func<long> readActivity) : IThreadPoolWorkItem
{
    private const int RoundsOfRest = 32;
    private const int MostLooks = 50;
    private const int MostAtOnce = 32;

    private static readonly TimeSpan LongestRound = TimeSpan.FromMilliseconds(250);

    // So much time on a processor, in the system's ticks of 10 ms, makes a thread one that computes.
    private const long TicksOfComputing = 10;

    private readonly Lock _gate = new();
    private readonly HashSet<int> _shown = [];
    private readonly HashSet<int> _shownToTheSystem = [];
    private readonly Dictionary<int, long> _ticksAtFirst = [];
    private TaskCompletionSource _rest = new();
    private long _lastActivity;
    private long _roundBegan;
    private int _rounds;
    private int _underWay;
    private int _leftOut;
    private bool _isGivenUp;

    /// <summary>Ends when the pool is at rest, as far as can be known. To be called once at a time.</summary>
    /// <exception cref="ExpectationException">It does not come to rest in time.</exception>
    public async Task RunAsync(TimeSpan limit, Func<string> describe, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _rest = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _lastActivity = readActivity();
            _rounds = 0;
            BeginRound();
        }

        SendItems();
        try
        {
            await Expectation.MetAsync(_rest.Task, limit, describe, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            lock (_gate)
                _isGivenUp = true;
            throw;
        }
    }

    // The last of those that are under way looks, and decides.
    void IThreadPoolWorkItem.Execute()
    {
        lock (_gate)
        {
            _shown.Add(Environment.CurrentManagedThreadId);
            _shownToTheSystem.Add(PoolThreads.Current);
            if (--_underWay > 0 || _isGivenUp)
                return;
        }

        // Nobody else is here until the next are sent.
        if (IsIdle() || IsAtRest())
            _rest.SetResult();
        else
            SendItems();
    }

    /// <summary>How many of the pool's threads are at work, or about to look for some.</summary>
    private static int CountWorking()
    {
        ThreadPool.GetMaxThreads(out var most, out _);
        ThreadPool.GetAvailableThreads(out var available, out _);
        return most - available;
    }

    // To be called on a thread of the pool. One that was woken for nothing takes a moment to go back to sleep.
    private static bool IsIdle()
    {
        for (var looks = 0; looks < MostLooks; looks++)
        {
            var done = ThreadPool.CompletedWorkItemCount;
            if (CountWorking() == 1 && ThreadPool.PendingWorkItemCount == 0 && CountWorking() == 1 && ThreadPool.CompletedWorkItemCount == done)
                return true;
            if (ThreadPool.PendingWorkItemCount > 0)
                return false;
            Thread.Yield();
        }

        return false;
    }

    private bool IsAtRest()
    {
        var activity = readActivity();
        if (activity != _lastActivity)
        {
            _lastActivity = activity;
            _rounds = 0;
            BeginRound();
            return false;
        }

        var missing = CountWorking() - _shown.Count;
        if (missing > _leftOut)
        {
            if (TimeProvider.System.GetElapsedTime(_roundBegan) < LongestRound || IsAnyStarved())
                return false;
            _leftOut = missing;
        }

        BeginRound();
        return ++_rounds >= RoundsOfRest;
    }

    // Whether a thread that has not come to its turn wants a processor, and has had none to speak of since it was first seen so.
    private bool IsAnyStarved()
    {
        _roundBegan = TimeProvider.System.GetTimestamp();
        var isAny = false;
        foreach (var (thread, ticks) in PoolThreads.Runnable())
        {
            _ticksAtFirst.TryAdd(thread, ticks);
            isAny |= !_shownToTheSystem.Contains(thread) && ticks - _ticksAtFirst[thread] < TicksOfComputing;
        }

        return isAny;
    }

    private void BeginRound()
    {
        _shown.Clear();
        _shownToTheSystem.Clear();
        _ticksAtFirst.Clear();
        _roundBegan = TimeProvider.System.GetTimestamp();
    }

    // Behind all that waits for any thread. More than there are threads, so that each has a chance.
    private void SendItems()
    {
        var count = Math.Clamp(2 * (CountWorking() - 1), 1, MostAtOnce);
        lock (_gate)
            _underWay = count;
        for (var item = 0; item < count; item++)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
