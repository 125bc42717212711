using System.Collections.Concurrent;
using System.Globalization;

namespace Plugwire.Hosting.Launching.Posix;

/// <summary>
/// The threads on which plugins are looked up and started: one, as a rule, and none of them ever ends. A child that asks the kernel to die with its parent (PR_SET_PDEATHSIG) dies with the thread
/// that started it, and a pool thread ends after some idle seconds; these end with the host.
/// </summary>
/// <remarks>
/// A call into a file system that hangs cannot be interrupted, and holds its thread for as long as that lasts. Work that waits behind it gets another thread, up to a limit; the
/// one that hangs goes on with the same work when it comes back, and stays, as the children that it started may depend on it.
/// </remarks>
/// <param name="dropsNewPrivileges">Whether what they start gets no more rights by a set-user-id program.</param>
internal sealed class LaunchThreads(bool dropsNewPrivileges = false)
{
    public const int Most = 16;

    /// <summary>How long work waits for a thread before it gets one more; a start takes a millisecond.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly BlockingCollection<Action> _work = [];
    private readonly Lock _gate = new();
    private int _count;

    public static LaunchThreads Shared { get; } = new();

    /// <summary>Those whose children, and their descendants, get no more rights by starting a set-user-id program. The kernel keeps it with the thread and hands it on, so it holds before the child's first instruction.</summary>
    public static LaunchThreads WithoutNewPrivileges { get; } = new(dropsNewPrivileges: true);

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _count;
        }
    }

    /// <summary>Runs work that may block for long.</summary>
    /// <param name="work">What is to be done.</param>
    /// <param name="abandoned">Cancels work that has not begun.</param>
    /// <exception cref="PosixException">There is no thread left for it.</exception>
    /// <exception cref="OperationCanceledException">It was abandoned before it began.</exception>
    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken abandoned = default)
    {
        // A thread that could not be started is tried again by the next.
        if (Count == 0)
            Add(most: 1);

        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            begun.SetResult();
            try
            {
                abandoned.ThrowIfCancellationRequested();
                done.SetResult(work());
            }
            catch (OperationCanceledException) when (abandoned.IsCancellationRequested)
            {
                done.SetCanceled(abandoned);
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        }, CancellationToken.None);

        while (!begun.Task.IsCompleted && Count < Most)
        {
            await begun.Task.WaitAsync(Patience, TimeProvider.System, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!begun.Task.IsCompleted)
                Add(Most);
        }

        return await done.Task.ConfigureAwait(false);
    }

    private void Add(int most)
    {
        lock (_gate)
        {
            if (_count >= most)
                return;
            NativeThread.Start(Run, maxStackSize: 512 * 1024, "plugin launcher");
            _count++;
        }
    }

    private void Run()
    {
        StopIgnoringChildren();

        // Cannot fail: every kernel that .NET runs on has it, and it takes no rights.
        if (dropsNewPrivileges && OperatingSystem.IsLinux())
            _ = LibC.ControlThread(LibC.SetNoNewPrivileges, 1, 0, 0, 0);
        foreach (var work in _work.GetConsumingEnumerable())
            work();
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
