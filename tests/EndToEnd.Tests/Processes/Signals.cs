using System.Runtime.InteropServices;

namespace Plugwire.EndToEnd.Tests.Processes;

/// <summary>Signals to processes that a test has started.</summary>
internal static partial class Signals
{
    public const int Interrupt = 2;
    public const int Abort = 6;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Stop = 19;

    public static void Send(int processId, int signal) =>
        Assert.True(TrySend(processId, signal), $"kill({processId}, {signal}) failed: {Marshal.GetLastPInvokeErrorMessage()}");

    public static bool TrySend(int processId, int signal) => SendNatively(processId, signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendNatively(int processId, int signal);
}
