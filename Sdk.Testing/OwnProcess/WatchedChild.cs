using System.Globalization;
using System.Text;
using Plugwire.Hosting.Launching;
using Plugwire.Hosting.Launching.Sweeping;
using Plugwire.Testing.Leaks;
using Plugwire.Wire.Launching;

namespace Plugwire.Testing.OwnProcess;

/// <summary>
/// A child, and what it has left behind when it has ended in order: processes that run, files. A host ends and removes that without a word, as it must; a test of the plugin should hear of it.
/// </summary>
internal sealed class WatchedChild(ChildProcess child, ChildStart start) : ChildProcess
{
    private const int SigKill = 9;

    private static readonly byte[] Assignment = Encoding.ASCII.GetBytes(LaunchVariables.LaunchId + "=");

    private readonly Lock _gate = new();
    private IReadOnlyList<string>? _leftBehind;

    public override int Id => child.Id;

    public override Stream StandardInput => child.StandardInput;

    public override Stream StandardOutput => child.StandardOutput;

    public override Stream StandardError => child.StandardError;

    public override Task<ChildExit> Exited => child.Exited;

    /// <summary>A clause for each thing; empty as long as the child has not ended by itself, with exit code 0. Processes are seen on Linux only.</summary>
    public IReadOnlyList<string> LeftBehind
    {
        get
        {
            lock (_gate)
                return _leftBehind ?? [];
        }
    }

    public override void Terminate() => child.Terminate();

    public override bool TrySignal(int signal)
    {
        // The children of a plugin that a test kills are left behind through no fault of its own.
        if (signal == SigKill)
        {
            lock (_gate)
                _leftBehind ??= [];
        }

        return child.TrySignal(signal);
    }

    public override void Kill()
    {
        Look();
        child.Kill();
    }

    public override ValueTask DisposeAsync()
    {
        Look();
        return child.DisposeAsync();
    }

    // Once, and before anything is killed: what is killed, or crashes, leaves things behind through no fault of its own.
    private void Look()
    {
        lock (_gate)
        {
            if (_leftBehind is not null)
                return;
            _leftBehind = [];
        }

        if (child.Exited is not { IsCompletedSuccessfully: true } exited || exited.GetAwaiter().GetResult().ExitCode != 0)
            return;

        var found = OperatingSystem.IsLinux() ? FindProcesses() : [];
        found.AddRange(LaunchLeftovers.In(start.Environment));
        lock (_gate)
            _leftBehind = found;
    }

    private List<string> FindProcesses()
    {
        var launchId = start.Environment.GetValueOrDefault(LaunchVariables.LaunchId);
        var buffer = new byte[16 * 1024];
        var found = new List<string>();
        foreach (var processId in ProcessTable.ProcessIds())
        {
            if (processId != child.Id && ProcessTable.Variable(processId, Assignment, ref buffer, out _) == launchId)
                found.Add(string.Create(CultureInfo.InvariantCulture, $"the process {processId} ({ProcessChildren.Describe(processId)}), which the plugin has started, has outlived it; the host killed it."));
        }

        return found;
    }
}
