using Microsoft.Extensions.Logging;
using Plugwire.Hosting.Launching.Posix;

namespace Plugwire.Hosting.Launching.Litter;

/// <summary>
/// Sweeps roots of launch directories beside the starts, on a thread of its own while there is something to sweep: a root may be large, slow or hang. One that hangs holds up
/// no start and no stop; later sweeps are then left out.
/// </summary>
internal static class LitterSweep
{
    /// <summary>How long one sweep goes on; what is left then is for the next.</summary>
    public static readonly TimeSpan Budget = TimeSpan.FromSeconds(30);

    /// <summary>How often a root is swept at most, however many plugins start below it.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private const int MostWaiting = 64;
    private const int MostRemembered = 1024;

    private static readonly Lock Gate = new();
    private static readonly Queue<(string Root, ILogger Logger)> Waiting = new();
    private static readonly Dictionary<string, long> LastSwept = new(StringComparer.Ordinal);
    private static bool _running;

    /// <summary>Sees to it that a root is swept soon, unless it was swept a moment ago. Never waits, never throws.</summary>
    /// <param name="root">An absolute path.</param>
    /// <param name="logger">Told of what was removed; never throws.</param>
    /// <param name="always">True when something has just been left there.</param>
    public static void Begin(string root, ILogger logger, bool always = false)
    {
        if (!OperatingSystem.IsLinux())
            return;

        lock (Gate)
        {
            if (!always && LastSwept.TryGetValue(root, out var last) && TimeProvider.System.GetElapsedTime(last) < Interval)
                return;
            if (Waiting.Count >= MostWaiting)
                return;
            if (LastSwept.Count >= MostRemembered)
                LastSwept.Clear();

            LastSwept[root] = TimeProvider.System.GetTimestamp();
            Waiting.Enqueue((root, logger));
            if (_running)
                return;
            _running = true;
        }

        try
        {
            NativeThread.Start(Run, maxStackSize: 256 * 1024, "launch directory sweeper");
        }
        catch (PosixException)
        {
            // Not the time for it: there is no thread left. The next start tries again.
            lock (Gate)
            {
                _running = false;
                Waiting.Clear();
                LastSwept.Clear();
            }
        }
    }

    private static void Run()
    {
        while (true)
        {
            (string Root, ILogger Logger) next;
            lock (Gate)
            {
                if (!Waiting.TryDequeue(out next))
                {
                    _running = false;
                    return;
                }
            }

            var began = TimeProvider.System.GetTimestamp();
            DeadLaunches.Sweep(next.Root, () => TimeProvider.System.GetElapsedTime(began) < Budget, next.Logger);
        }
    }
}
