using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Plugwire.Hosting.Launching.Posix;

namespace Plugwire.Hosting.Launching.Guarding;

/// <summary>
/// Keeps one small process outside of the host that outlives it, and then ends its plugins with all that they have started: a plugin that is frozen, or in whose language nobody watches
/// standard input, would run on. This side knows what is to be guarded; the process is told of it, and a new one is told of all of it when the old one has ended.
/// </summary>
/// <remarks>No start fails for want of a guard, and none waits for it longer than <see cref="Patience"/>. Steps run one after another; there are at most three for each launch.</remarks>
internal sealed partial class PluginGuard
{
    /// <summary>How long a start waits until the guard knows of it; it takes a fraction of a millisecond, and some of them the first time.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly Func<GuardProcess> _start;
    private readonly StartAllowance _allowance;
    private readonly Lock _gate = new();
    private readonly HashSet<GuardedLaunch> _launches = [];
    private Task _lastStep = Task.CompletedTask;
    private long _slots;
    private volatile GuardProcess? _process;
    private volatile bool _isImpossible;

    /// <param name="start">Starts a guard.</param>
    /// <param name="timeProvider">Tells how often that was of late.</param>
    public PluginGuard(Func<GuardProcess> start, TimeProvider timeProvider)
    {
        _start = start;
        _allowance = new StartAllowance(timeProvider);
    }

    /// <summary>That of this process, whichever hosts are in it.</summary>
    public static PluginGuard Shared { get; } = new(
        () => GuardProcess.Start("/bin/sh", Environment.ProcessId, Environment.GetEnvironmentVariable("PATH")), TimeProvider.System);

    /// <summary>The guard that runs; null when none does.</summary>
    public GuardProcess? Process => _process;

    /// <summary>Ends when the guard has been told all that was said until now, or cannot be. Never faults.</summary>
    public Task Told
    {
        get
        {
            lock (_gate)
                return _lastStep;
        }
    }

    // As process 1 of a container the host needs none: with it the kernel ends all that is in there.
    private static bool IsNeeded => Environment.ProcessId != 1;

    // Where a child leads no group of its own there is none that could be killed.
    private static bool IsSupported => PosixSpawn.IsSupported && ProcessDescriptor.IsSupported;

    /// <summary>Has a launch guarded from here on, before its process is started: the host may be killed at any instant.</summary>
    /// <param name="launchId">The mark in the environment of all that the launch starts.</param>
    /// <param name="directory">The launch directory, which goes with it; null for none.</param>
    /// <param name="logger">Told when there is no guard; never throws.</param>
    /// <returns>Null where there can be no guard, or where none is needed.</returns>
    public async Task<GuardedLaunch?> BeginAsync(string launchId, string? directory, ILogger logger)
    {
        if (!IsNeeded || _isImpossible || !IsOneWord(launchId))
            return null;
        if (!IsSupported)
        {
            _isImpossible = true;
            Log.NotSupported(logger);
            return null;
        }

        var launch = new GuardedLaunch(this, Interlocked.Increment(ref _slots), launchId, directory, logger);
        var known = Enqueue(() => AdmitAsync(launch), logger);
        await known.WaitAsync(Patience, TimeProvider.System, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!known.IsCompleted)
            Log.Late(logger, Patience);
        return launch;
    }

    /// <summary>Changes what is known of a launch, and tells the guard of the change.</summary>
    internal void Tell(GuardedLaunch launch, Action change, string entry) => Enqueue(
        () =>
        {
            change();
            return _launches.Contains(launch) ? TellAsync(entry) : Task.CompletedTask;
        },
        launch.Logger);

    /// <summary>Forgets a launch, and has the guard forget it.</summary>
    internal void Remove(GuardedLaunch launch, string entry) =>
        Enqueue(() => _launches.Remove(launch) ? TellAsync(entry) : Task.CompletedTask, launch.Logger);

    // Letters, digits and the few signs that mean nothing to a shell, to grep and to the lines.
    private static bool IsOneWord(string launchId) =>
        launchId.Length is > 0 and <= 128 && launchId.All(static sign => char.IsAsciiLetterOrDigit(sign) || sign is '-' or '_' or '.');

    private Task Enqueue(Func<Task> step, ILogger logger)
    {
        lock (_gate)
            return _lastStep = RunAfterAsync(_lastStep, step, logger);
    }

    private static async Task RunAfterAsync(Task previous, Func<Task> step, ILogger logger)
    {
        // The caller holds a lock.
        await previous.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await step().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            // Nothing is expected here; the next step is another launch's.
            Log.Failed(logger, failure);
        }
    }

    private Task AdmitAsync(GuardedLaunch launch)
    {
        _launches.Add(launch);
        return _process is null ? StartAsync(launch.Logger) : TellAsync(launch.Entry);
    }

    private async Task TellAsync(string entry)
    {
        if (_process is { } process && !await process.TryTellAsync(entry).ConfigureAwait(false))
            await ReplaceAsync(process).ConfigureAwait(false);
    }

    private async Task ReplaceAsync(GuardProcess process)
    {
        // Its end may have been noticed twice: by what could not be told, and by the system's word.
        if (_process != process)
            return;

        _process = null;
        process.Dispose();
        if (_launches.FirstOrDefault() is not { } launch)
            return;

        Log.Replaced(launch.Logger, process.Id);
        await StartAsync(launch.Logger).ConfigureAwait(false);
    }

    private async Task StartAsync(ILogger logger)
    {
        var wasExhausted = _allowance.IsExhausted;
        if (!_allowance.TryTake())
        {
            if (!wasExhausted)
                Log.Exhausted(logger, StartAllowance.Most, StartAllowance.Window);
            return;
        }

        try
        {
            var process = await LaunchThreads.Shared.RunAsync(_start).ConfigureAwait(false);
            _process = process;

            // Ends with the guard. Not in the flow of whoever starts a plugin, nor with its log: it outlives both.
            using (ExecutionContext.SuppressFlow())
                _ = FollowAsync(process);
            foreach (var launch in _launches)
            {
                // What follows on its end starts another, which is told of all again.
                if (!await process.TryTellAsync(launch.Entry).ConfigureAwait(false))
                {
                    process.Dispose();
                    return;
                }
            }

            Log.Started(logger, process.Id);
        }
        catch (PosixException failure)
        {
            _isImpossible = failure.Error is Errno.NotFound or Errno.AccessDenied;
            Log.NotStarted(logger, failure);
        }
    }

    private async Task FollowAsync(GuardProcess process)
    {
        await process.Ended.ConfigureAwait(false);
        await Enqueue(() => ReplaceAsync(process), NullLogger.Instance).ConfigureAwait(false);
    }

    private static partial class Log
    {
        private const string Consequence = "When this process is killed, a plugin that is frozen or does not watch its standard input lives on";

        [LoggerMessage(90, LogLevel.Debug, "Process {ProcessId} guards the plugins of this one: it ends them when this one is killed.")]
        public static partial void Started(ILogger logger, int processId);

        [LoggerMessage(91, LogLevel.Warning, "The guard (process {ProcessId}) has ended or does not listen. Another takes its place.")]
        public static partial void Replaced(ILogger logger, int processId);

        [LoggerMessage(92, LogLevel.Warning, "The guard of the plugins, a process of the system's shell /bin/sh, could not be started. " + Consequence + ".")]
        public static partial void NotStarted(ILogger logger, Exception failure);

        [LoggerMessage(93, LogLevel.Warning, "{Count} guards were started within {Window}, and none has stayed. The next start of a plugin after that tries again. " + Consequence + " until then.")]
        public static partial void Exhausted(ILogger logger, int count, TimeSpan window);

        [LoggerMessage(94, LogLevel.Debug, "There is no guard of the plugins on this system. " + Consequence + ".")]
        public static partial void NotSupported(ILogger logger);

        [LoggerMessage(95, LogLevel.Debug, "The guard does not know of this start after {Patience} yet. The start goes on.")]
        public static partial void Late(ILogger logger, TimeSpan patience);

        [LoggerMessage(96, LogLevel.Warning, "The guard was not told of a plugin. " + Consequence + ".")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
