using System.Runtime.InteropServices;

namespace Plugwire.TestPlugins.HostProgram;

/// <summary>Past .NET's own processes, which would look after children that are none of theirs.</summary>
internal static class Signals
{
    private const int SigKill = 9;

    public static void Kill(int processId)
    {
        if (Send(processId, SigKill) != 0)
            throw new InvalidOperationException($"Process {processId} cannot be killed.");
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Send(int processId, int signal);
}
