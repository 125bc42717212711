using System.Runtime.InteropServices;

namespace Plugwire.Promises.Staging;

/// <summary>Signals to processes of the stage.</summary>
internal static partial class Signals
{
    public const int Abort = 6;
    public const int Kill = 9;
    public const int Continue = 18;
    public const int Stop = 19;

    public static void Send(int processId, int signal)
    {
        if (!TrySend(processId, signal))
            throw new InvalidOperationException($"kill({processId}, {signal}) failed: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    /// <returns>False when there is no such process any more.</returns>
    public static bool TrySend(int processId, int signal) => SendNatively(processId, signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendNatively(int processId, int signal);
}
