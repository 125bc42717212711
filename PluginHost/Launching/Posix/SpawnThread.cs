using System.Collections.Concurrent;
using System.Globalization;

namespace Plugwire.Hosting.Launching.Posix;

/// <summary>
/// The one thread from which all plugins are started. A child that asks the kernel to die with its parent (PR_SET_PDEATHSIG) dies with the thread that
/// started it, and a pool thread ends after some idle seconds; this one ends with the host.
/// </summary>
internal sealed class SpawnThread
{
    // A thread that could not be started is tried again by the next start.
    private static readonly Lock Gate = new();
    private static SpawnThread? _shared;

    private readonly BlockingCollection<Action> _work = [];

    private SpawnThread() =>
        NativeThread.Start(Run, maxStackSize: 512 * 1024, "plugin spawner");

    /// <exception cref="PosixException">There is no thread left for it.</exception>
    public static SpawnThread Shared
    {
        get
        {
            lock (Gate)
                return _shared ??= new SpawnThread();
        }
    }

    public Task<T> RunAsync<T>(Func<T> spawn)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(spawn());
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        });
        return done.Task;
    }

    private void Run()
    {
        StopIgnoringChildren();
        foreach (var spawn in _work.GetConsumingEnumerable())
            spawn();
    }

    // A host started with SIGCHLD ignored (by nohup-like wrappers) has the kernel throw every exit status away.
    private static void StopIgnoringChildren()
    {
        try
        {
            foreach (var line in File.ReadLines("/proc/self/status"))
            {
                if (line.StartsWith("SigIgn:", StringComparison.Ordinal)
                    && ulong.TryParse(line.AsSpan("SigIgn:".Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var ignored)
                    && (ignored & (1UL << (LibC.SigChild - 1))) != 0)
                {
                    _ = LibC.SetSignalHandler(LibC.SigChild, 0);
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // No /proc here: then nothing is known to be ignored, and an exit whose status is lost says so.
        }
    }
}
