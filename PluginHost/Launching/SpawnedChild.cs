using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using Plugwire.Hosting.Launching.Guarding;
using Plugwire.Hosting.Launching.Posix;
using Plugwire.Hosting.Launching.Sweeping;
using Plugwire.Wire.Launching;

namespace Plugwire.Hosting.Launching;

/// <summary>A child that we start and reap ourselves. Linux.</summary>
internal sealed partial class SpawnedChild : ChildProcess
{
    private readonly SafeChildHandle _child;
    private readonly ChildStart _start;
    private readonly GuardedLaunch? _guarded;
    private readonly TimeProvider _timeProvider;
    private readonly Lazy<Task<IReadOnlyList<Survivor>>> _sweep;
    private readonly Lazy<Task> _disposal;

    private SpawnedChild(ChildStart start, GuardedLaunch? guarded, int processId, SafeFileHandle process, ChildPipes pipes, TimeProvider timeProvider)
    {
        _start = start;
        _guarded = guarded;
        _timeProvider = timeProvider;
        _child = new SafeChildHandle(processId);
        Id = processId;
        StandardInput = new FileStream(pipes.Input.Writer, FileAccess.Write, bufferSize: 0, isAsync: false);
        StandardOutput = new PipeReadStream(pipes.Output.Reader);
        StandardError = new PipeReadStream(pipes.Error.Reader);
        _sweep = new Lazy<Task<IReadOnlyList<Survivor>>>(SweepAsync);
        _disposal = new Lazy<Task>(DisposeOnceAsync);
        Exited = ObserveExitAsync(_child, process);
        guarded?.Begin(processId);
    }

    /// <summary>
    /// Not where the C library or the kernel lacks what it takes, nor as process 1 of a container: there the runtime reaps every child, and the exit
    /// status of our own would be lost.
    /// </summary>
    public static bool IsSupported { get; } = PosixSpawn.IsSupported && ProcessDescriptor.IsSupported && Environment.ProcessId != 1;

    public override int Id { get; }

    public override Stream StandardInput { get; }

    public override Stream StandardOutput { get; }

    public override Stream StandardError { get; }

    public override Task<ChildExit> Exited { get; }

    /// <summary>To be called on a thread that never ends: see <see cref="LaunchThreads"/>.</summary>
    /// <param name="start">What it is started from.</param>
    /// <param name="guarded">The child's from here on when it comes to life; null where there is no guard.</param>
    /// <param name="timeProvider">The clock of its budgets.</param>
    /// <exception cref="PosixException">The child did not come to life.</exception>
    public static SpawnedChild Start(ChildStart start, GuardedLaunch? guarded, TimeProvider timeProvider)
    {
        // Before there is a child, because it can fail.
        _ = PollThread.Shared;
        return Spawn(start, guarded, timeProvider);
    }

    public override void Terminate() => _child.SignalGroup(LibC.SigTerm);

    public override bool TrySignal(int signal) => !Exited.IsCompleted && _child.Signal(signal);

    public override void Kill()
    {
        _child.SignalGroup(LibC.SigKill);
        _ = _sweep.Value;
    }

    public override ValueTask DisposeAsync() => new(_disposal.Value);

    private static SpawnedChild Spawn(ChildStart start, GuardedLaunch? guarded, TimeProvider timeProvider)
    {
        var pipes = new ChildPipes();
        try
        {
            var environment = start.Environment.Select(variable => $"{variable.Key}={variable.Value}").ToArray();
            var processId = PosixSpawn.Start(
                start.FileName,
                [start.FileName, .. start.Arguments],
                environment,
                start.WorkingDirectory,
                [pipes.Input.Reader, pipes.Output.Writer, pipes.Error.Writer]);
            pipes.CloseChildEnds();
            return Adopt(start, guarded, processId, pipes, timeProvider);
        }
        catch
        {
            pipes.Dispose();
            throw;
        }
    }

    // From here on there is a child, and whatever fails ends it.
    private static SpawnedChild Adopt(ChildStart start, GuardedLaunch? guarded, int processId, ChildPipes pipes, TimeProvider timeProvider)
    {
        try
        {
            return new SpawnedChild(start, guarded, processId, ProcessDescriptor.Open(processId), pipes, timeProvider);
        }
        catch
        {
            SafeChildHandle.KillAndReap(processId);
            throw;
        }
    }

    private static async Task<ChildExit> ObserveExitAsync(SafeChildHandle child, SafeFileHandle process)
    {
        var held = false;
        child.DangerousAddRef(ref held);
        try
        {
            int? exitCode;
            int? signal;
            while (!child.HasEnded(out exitCode, out signal))
                await PollThread.Shared.Watch(process).Ended.ConfigureAwait(false);
            return new ChildExit(exitCode, signal);
        }
        finally
        {
            child.DangerousRelease();
            process.Dispose();
        }
    }

    private Task<IReadOnlyList<Survivor>> SweepAsync() =>
        _start.Environment.TryGetValue(LaunchVariables.LaunchId, out var launchId)
            ? DescendantSweep.KillAsync(launchId, KillBudget)
            : Task.FromResult<IReadOnlyList<Survivor>>([]);

    private async Task DisposeOnceAsync()
    {
        Kill();
        try
        {
            await Exited.WaitAsync(KillBudget, _timeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // In the kernel, in a call that cannot be interrupted. Its end is still observed, and reaps it.
            Log.Unkillable(_start.Logger, Id, _start.FileName, KillBudget);
        }

        await StandardInput.DisposeAsync().ConfigureAwait(false);
        await StandardOutput.DisposeAsync().ConfigureAwait(false);
        await StandardError.DisposeAsync().ConfigureAwait(false);
        await EndSweepAsync().ConfigureAwait(false);
        _guarded?.Dispose();
        _child.Dispose();
    }

    private async Task EndSweepAsync()
    {
        try
        {
            foreach (var survivor in await _sweep.Value.ConfigureAwait(false))
                Log.Survivor(_start.Logger, survivor.ProcessId, survivor.Name, _start.FileName);
        }
        catch (Exception failure)
        {
            Log.SweepFailed(_start.Logger, failure, _start.FileName);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Process {ProcessId} ({FileName}) has not ended {Budget} after it was killed.")]
        public static partial void Unkillable(ILogger logger, int processId, string fileName, TimeSpan budget);

        [LoggerMessage(2, LogLevel.Warning, "Process {ProcessId} ({Name}), a descendant of {FileName}, could not be ended.")]
        public static partial void Survivor(ILogger logger, int processId, string name, string fileName);

        [LoggerMessage(3, LogLevel.Warning, "The descendants of {FileName} could not be looked for; what left its process group may still run.")]
        public static partial void SweepFailed(ILogger logger, Exception failure, string fileName);
    }
}
