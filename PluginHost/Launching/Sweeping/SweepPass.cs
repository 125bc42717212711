using System.Text;
using Microsoft.Win32.SafeHandles;
using Plugwire.Hosting.Launching.Posix;
using Plugwire.Wire.Launching;

namespace Plugwire.Hosting.Launching.Sweeping;

/// <summary>One look at every process, with a kill for those that belong to a launch that is swept.</summary>
internal sealed unsafe class SweepPass
{
    private const int EndWaitMilliseconds = 20;
    private static readonly byte[] Assignment = Encoding.ASCII.GetBytes(LaunchVariables.LaunchId + "=");

    private byte[] _environment = new byte[16 * 1024];

    public void Run(IReadOnlyList<SweepRequest> requests)
    {
        var launches = requests.Select(request => request.LaunchId).ToHashSet(StringComparer.Ordinal);
        var found = new List<(string LaunchId, int ProcessId)>();
        var isClear = true;
        foreach (var processId in ProcessTable.ProcessIds())
        {
            if (ProcessTable.Variable(processId, Assignment, ref _environment, out var isUnclear) is { } launchId && launches.Contains(launchId))
            {
                found.Add((launchId, processId));
                Kill(processId, launchId);
            }

            isClear &= !isUnclear;
        }

        foreach (var request in requests)
            request.EndPass([.. found.Where(one => one.LaunchId == request.LaunchId).Select(one => new Survivor(one.ProcessId, ProcessTable.NameOf(one.ProcessId)))], isClear);
    }

    private void Kill(int processId, string launchId)
    {
        SafeFileHandle process;
        try
        {
            process = ProcessDescriptor.Open(processId);
        }
        catch (PosixException)
        {
            // Ended meanwhile, or no descriptor left: the next pass looks again, and what is there at the end is told as a survivor.
            return;
        }

        using (process)
        {
            // Looked at once more through what cannot come to mean another process: the id may have changed hands since.
            if (ProcessTable.Variable(processId, Assignment, ref _environment, out _) != launchId || LibC.SignalProcess(process, LibC.SigKill) != 0)
                return;

            // A killed process still shows its environment for an instant; the wait spares passes that find the dying.
            var ended = new PollDescriptor { Descriptor = (int)process.DangerousGetHandle(), Events = PollDescriptor.Readable };
            _ = LibC.Poll(&ended, 1, EndWaitMilliseconds);
        }
    }
}
