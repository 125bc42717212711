using Plugwire.Hosting.Launching.Posix;

namespace Plugwire.Hosting.Launching.Sweeping;

/// <summary>
/// Ends every process that carries a launch's id in its environment. A process group does not hold what made a session of its own, and a walk along parent ids misses what
/// lost its parent; the environment is inherited by all. Runs on a thread of its own while there is something to sweep, because a look into a process that hangs
/// in the kernel may hang too, and sweeps for all launches at once, because a look at every process is the larger part of the work.
/// </summary>
internal static class DescendantSweep
{
    private static readonly Lock Gate = new();
    private static readonly List<SweepRequest> Pending = [];
    private static bool _running;

    /// <summary>Ends when two passes in a row have found nobody, or the budget is spent.</summary>
    /// <returns>Those that were still there in the last pass.</returns>
    /// <exception cref="TimeoutException">No pass came to its end: the look into a process hangs.</exception>
    public static async Task<IReadOnlyList<Survivor>> KillAsync(string launchId, TimeSpan budget)
    {
        if (!OperatingSystem.IsLinux() || launchId.Length == 0)
            return [];

        var request = new SweepRequest(launchId, budget, TimeProvider.System);
        var start = false;
        lock (Gate)
        {
            Pending.Add(request);
            if (!_running)
                _running = start = true;
        }

        if (start)
            Start();

        return await request.Done.WaitAsync(budget * 2, TimeProvider.System).ConfigureAwait(false);
    }

    private static void Start()
    {
        try
        {
            NativeThread.Start(Run, maxStackSize: 256 * 1024, "plugin sweeper");
        }
        catch (PosixException)
        {
            // What is to be swept may be what has taken the last thread. The pool has some already.
            ThreadPool.UnsafeQueueUserWorkItem(static _ => Run(), null);
        }
    }

    private static void Run()
    {
        var pass = new SweepPass();
        while (true)
        {
            SweepRequest[] requests;
            lock (Gate)
            {
                Pending.RemoveAll(request => request.Done.IsCompleted);
                if (Pending.Count == 0)
                {
                    _running = false;
                    return;
                }

                requests = [.. Pending];
            }

            try
            {
                pass.Run(requests);
            }
            catch (Exception failure)
            {
                foreach (var request in requests)
                    request.Fail(failure);
            }
        }
    }
}
