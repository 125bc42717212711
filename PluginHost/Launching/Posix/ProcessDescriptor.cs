using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Plugwire.Hosting.Launching.Posix;

/// <summary>Descriptors that stand for a process (pidfd): readable at its end, and never taken for another process that later gets the same id.</summary>
internal static class ProcessDescriptor
{
    private const int NoSuchCall = 38;
    private const int NotPermitted = 1;

    /// <summary>False on Linux before 5.3, and in containers whose filter does not know the call.</summary>
    public static bool IsSupported { get; } = OperatingSystem.IsLinux() && Probe();

    /// <exception cref="PosixException">There is no such process, or no descriptor left.</exception>
    public static SafeFileHandle Open(int processId)
    {
        var descriptor = LibC.OpenProcess(processId);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw new PosixException("pidfd_open", Marshal.GetLastPInvokeError());
    }

    private static bool Probe()
    {
        var descriptor = LibC.OpenProcess(Environment.ProcessId);
        if (descriptor < 0)
            return Marshal.GetLastPInvokeError() is not (NoSuchCall or NotPermitted);

        _ = LibC.Close(descriptor);
        return true;
    }
}
