using Plugwire.Descriptors;
using Plugwire.Wire.Launching;

namespace Plugwire.Launching;

/// <summary>
/// Notices that the host has died, and sees to it that the plugin does not outlive it, whatever the author's code does then.
/// </summary>
/// <remarks>
/// A Plugwire host holds the other end of the plugin's standard input and announces it: its end is the host's end, at once and
/// on every system. A go-plugin host passes its own standard input on, which says nothing; there the parent process is looked
/// at once a second.
/// </remarks>
internal sealed class HostWatch
{
    /// <summary>How long the plugin may take to end by itself when the host has died.</summary>
    public static readonly TimeSpan EndBudget = TimeSpan.FromMilliseconds(1500);

    private static readonly TimeSpan ParentInterval = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _died = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task? _left;
    private readonly LaunchDirectory? _launchDirectory;
    private readonly int _parent;
    private volatile SocketPlacement? _socket;

    private HostWatch(LaunchDirectory? launchDirectory, int parent, Task? left = null)
    {
        _left = left;
        _launchDirectory = launchDirectory;
        _parent = parent;
    }

    /// <summary>A host whose death is not watched: the plugin runs in somebody else's process.</summary>
    public static HostWatch Unwatched => new(null, 0);

    /// <summary>Completes when the host has died; its continuations run elsewhere.</summary>
    public Task Gone => _left ?? _died.Task;

    /// <summary>A host in the plugin's own process: when it leaves, the plugin ends as with a host that has died, but the process goes on.</summary>
    public static HostWatch Until(Task left) => new(null, 0, left);

    /// <summary>Begins to watch. From here on the process ends when its host does.</summary>
    public static HostWatch Arm(Func<string, string?> variable)
    {
        var announced = string.Equals(variable(LaunchVariables.Lifeline), LaunchVariables.LifelineStdin, StringComparison.Ordinal);
        if (!announced)
            return new HostWatch(null, OperatingSystem.IsWindows() ? 0 : NativeCalls.GetParentProcessId());

        var watch = new HostWatch(LaunchDirectory.Find(variable), parent: 0);
        var lifeline = Lifeline.Take();
        // Its own thread: a read of standard input cannot be cancelled, and a pool full of hanging handlers must not delay it.
        new Thread(() => watch.Follow(lifeline), 256 * 1024) { IsBackground = true, Name = "Plugwire lifeline" }.Start();
        return watch;
    }

    /// <summary>What the process leaves on disk, to be removed even if the plugin hangs.</summary>
    public void Remember(SocketPlacement socket) => _socket = socket;

    /// <summary>Removes the launch directory of a host that has died; a living host removes it itself.</summary>
    public void RemoveLeftovers()
    {
        if (!Gone.IsCompleted)
            return;
        _socket?.Remove();
        _launchDirectory?.Remove();
    }

    /// <summary>Looks at the parent process until it has changed; does nothing where the lifeline says it better.</summary>
    public async Task FollowParentAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        if (_parent == 0)
            return;

        using var timer = new PeriodicTimer(ParentInterval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            if (NativeCalls.GetParentProcessId() == _parent)
                continue;
            new Thread(EndAfterBudget, 256 * 1024) { IsBackground = true, Name = "Plugwire watchdog" }.Start();
            return;
        }
    }

    private void Follow(Lifeline lifeline)
    {
        lifeline.WaitForEnd();
        EndAfterBudget();
    }

    // Nothing here goes through the thread pool, dependency injection or the author's code: all of them may hang.
    private void EndAfterBudget()
    {
        _died.TrySetResult();
        using var never = new ManualResetEventSlim();
        never.Wait(EndBudget);
        RemoveLeftovers();
        ProcessEnd.AtOnce(ExitCodes.HostGone);
    }
}
