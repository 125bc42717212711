using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Plugwire.Hosting.Launching.Posix;
using Plugwire.Hosting.Launching.Sweeping;
using Plugwire.Wire.Launching;

namespace Plugwire.Hosting.Launching;

/// <summary>
/// A child started by .NET's own <see cref="Process"/>, where <see cref="SpawnedChild"/> cannot be: Windows and macOS (both untested here), musl, an old Linux, and as
/// process 1 of a container. It does what it can: the child may inherit more descriptors than three, leads no process group, a signal shows as exit code
/// 128 + n, and a silent pipe holds a pool thread.
/// </summary>
internal sealed partial class RuntimeChild : ChildProcess
{
    // Windows has one lock for all starts, and pipe ends of one child can reach another that starts at the same moment.
    private static readonly Lock WindowsGate = new();

    private readonly Process _process;
    private readonly ChildStart _start;
    private readonly TimeProvider _timeProvider;
    private readonly TaskCompletionSource<ChildExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lazy<Task<IReadOnlyList<Survivor>>> _sweep;
    private readonly Lazy<Task> _disposal;

    private RuntimeChild(Process process, ChildStart start, TimeProvider timeProvider)
    {
        _process = process;
        _start = start;
        _timeProvider = timeProvider;
        _sweep = new Lazy<Task<IReadOnlyList<Survivor>>>(SweepAsync);
        _disposal = new Lazy<Task>(DisposeOnceAsync);
        Id = process.Id;
        StandardInput = process.StandardInput.BaseStream;
        StandardOutput = process.StandardOutput.BaseStream;
        StandardError = process.StandardError.BaseStream;
        process.Exited += (_, _) => ReportExit();
        process.EnableRaisingEvents = true;
    }

    public override int Id { get; }

    public override Stream StandardInput { get; }

    public override Stream StandardOutput { get; }

    public override Stream StandardError { get; }

    public override Task<ChildExit> Exited => _exited.Task;

    /// <exception cref="Win32Exception">The child did not come to life.</exception>
    public static RuntimeChild Start(ChildStart start, TimeProvider timeProvider)
    {
        var info = new ProcessStartInfo(start.FileName, start.Arguments)
        {
            WorkingDirectory = start.WorkingDirectory ?? "",
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment.Clear();
        foreach (var (name, value) in start.Environment)
            info.Environment[name] = value;

        var process = new Process { StartInfo = info };
        try
        {
            if (OperatingSystem.IsWindows())
            {
                info.CreateNewProcessGroup = true;
                lock (WindowsGate)
                    process.Start();
            }
            else
            {
                process.Start();
            }

            return new RuntimeChild(process, start, timeProvider);
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    /// <summary>On Windows without effect: it has no signal that asks a program without a window to end.</summary>
    public override void Terminate()
    {
        if (!OperatingSystem.IsWindows() && !Exited.IsCompleted)
            _ = LibC.Kill(Id, LibC.SigTerm);
    }

    public override bool TrySignal(int signal)
    {
        if (OperatingSystem.IsWindows())
            throw new NotSupportedException("Windows has no signals.");
        return !Exited.IsCompleted && LibC.Kill(Id, signal) == 0;
    }

    public override void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception failure) when (failure is InvalidOperationException or Win32Exception or AggregateException)
        {
            // Ended already, or a part of the tree cannot be ended: what is left of it is found and told by the sweep.
            Log.KillFailed(_start.Logger, failure, Id, _start.FileName);
        }

        _ = _sweep.Value;
    }

    public override ValueTask DisposeAsync() => new(_disposal.Value);

    private void ReportExit()
    {
        try
        {
            _exited.TrySetResult(new ChildExit(_process.ExitCode, null));
        }
        catch (InvalidOperationException)
        {
            _exited.TrySetResult(default);
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
            await _sweep.Value.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Log.KillFailed(_start.Logger, failure, Id, _start.FileName);
        }

        await StandardInput.DisposeAsync().ConfigureAwait(false);
        await StandardOutput.DisposeAsync().ConfigureAwait(false);
        await StandardError.DisposeAsync().ConfigureAwait(false);
        _process.Dispose();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Not all of process {ProcessId} ({FileName}) could be ended.")]
        public static partial void KillFailed(ILogger logger, Exception failure, int processId, string fileName);
    }
}
