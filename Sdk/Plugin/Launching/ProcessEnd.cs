using Plugwire.Descriptors;

namespace Plugwire.Launching;

/// <summary>The one place where the SDK ends its process: when the host is dead and the plugin hangs.</summary>
internal static class ProcessEnd
{
    /// <summary>Runs no finalizer and no exit handler, since one of them may be what hangs.</summary>
    public static void AtOnce(int exitCode)
    {
        if (!OperatingSystem.IsWindows())
            NativeCalls.ExitAtOnce(exitCode);

        using var self = System.Diagnostics.Process.GetCurrentProcess();
        self.Kill();
    }
}
