using System.Runtime.InteropServices;

namespace Plugwire.Testing.Leaks;

/// <summary>A pipe that the runtime opens once, for its signals, when a process is first started, the console first used, or a signal first asked for.</summary>
internal static class SignalPipe
{
    /// <summary>Has it opened now, so that nobody takes it for a leak later.</summary>
    public static void Open()
    {
        if (!OperatingSystem.IsWindows())
            PosixSignalRegistration.Create(PosixSignal.SIGCONT, static _ => { }).Dispose();
    }
}
