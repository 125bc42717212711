using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Plugwire.Promises.Staging;

/// <summary>An open file whose descriptor a child inherits, if nobody sees to it that it does not.</summary>
internal static partial class InheritedFile
{
    public static SafeFileHandle Open(string path)
    {
        using var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        var descriptor = Duplicate((int)file.DangerousGetHandle());
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw new IOException("dup(2) failed: " + Marshal.GetLastPInvokeErrorMessage());
    }

    // What it makes is not closed on exec.
    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static partial int Duplicate(int descriptor);
}
