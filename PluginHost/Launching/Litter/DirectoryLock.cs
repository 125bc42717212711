using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Plugwire.Hosting.Launching.Posix;

namespace Plugwire.Hosting.Launching.Litter;

/// <summary>
/// A lock on a directory itself, which its host holds as long as the launch lasts, and which the kernel takes away when the host dies, however it does. No file in the
/// directory: a plugin that clears its temporary files must not take the lock away. Children do not inherit it.
/// </summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly SafeFileHandle _directory;

    private DirectoryLock(SafeFileHandle directory) => _directory = directory;

    /// <summary>Takes the lock of a directory that is there; never waits.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="held">The lock, which the caller owns, when it was taken.</param>
    /// <exception cref="PosixException">The directory cannot be opened, or there is no descriptor left.</exception>
    public static DirectoryLockOutcome TryTake(string path, out DirectoryLock? held)
    {
        held = null;
        if (!OperatingSystem.IsLinux() || LibC.NoLinks == 0)
            return DirectoryLockOutcome.NotSupported;

        var descriptor = LibC.Open(path, LibC.CloseOnExec | LibC.NoLinks);
        if (descriptor < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            return error == Errno.NotFound ? DirectoryLockOutcome.Gone : throw new PosixException("open", error);
        }

        var directory = new SafeFileHandle(descriptor, ownsHandle: true);
        var outcome = Lock(directory, path);
        if (outcome == DirectoryLockOutcome.Taken)
            held = new DirectoryLock(directory);
        else
            directory.Dispose();
        return outcome;
    }

    public void Dispose() => _directory.Dispose();

    private static DirectoryLockOutcome Lock(SafeFileHandle directory, string path)
    {
        // On a file system without such locks every other error comes, to whoever sweeps as to whoever is to be spared.
        if (LibC.Lock(directory, LibC.LockForOne | LibC.DoNotWaitForLock) != 0)
            return Marshal.GetLastPInvokeError() == Errno.TryAgain ? DirectoryLockOutcome.HeldByAnother : DirectoryLockOutcome.NotSupported;

        // Between the opening and the lock somebody else may have had the lock, and removed the directory.
        try
        {
            return PosixFile.Inspect(path) == PosixFile.Inspect(directory) ? DirectoryLockOutcome.Taken : DirectoryLockOutcome.Gone;
        }
        catch (PosixException gone) when (gone.Error is Errno.NotFound or Errno.NotDirectory)
        {
            return DirectoryLockOutcome.Gone;
        }
    }
}
