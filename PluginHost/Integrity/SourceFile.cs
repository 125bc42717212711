using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Plugwire.Hosting.Launching.Posix;

namespace Plugwire.Hosting.Integrity;

/// <summary>Opens a file of a plugin, and nothing that only stands in its place: a link is not followed, a pipe does not hang, a device is not touched.</summary>
internal static class SourceFile
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <param name="root">The plugin's directory.</param>
    /// <param name="path">The file's path below it.</param>
    /// <exception cref="PluginTreeException">There is none, or something else.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static SafeFileHandle Open(string root, string path)
    {
        var full = Path.Combine(root, path);
        return OperatingSystem.IsLinux() ? OpenOnLinux(full, path) : OpenElsewhere(full, path);
    }

    public static bool IsExecutable(SafeFileHandle file) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & AnyExecute) != 0;

    private static SafeFileHandle OpenOnLinux(string full, string path)
    {
        var descriptor = LibC.Open(full, LibC.CloseOnExec | LibC.NonBlocking | LibC.NoLinks);
        if (descriptor < 0)
        {
            throw Marshal.GetLastPInvokeError() switch
            {
                Errno.NotFound or Errno.NotDirectory => PluginTreeException.Missing(path),
                Errno.TooManyLinks => PluginTreeException.Link(path),
                Errno.NoDevice => PluginTreeException.NoFile(path),
                var error => new PosixException($"Opening '{full}'", error),
            };
        }

        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            return PosixFile.Inspect(file).IsFile ? file : throw PluginTreeException.NoFile(path);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static SafeFileHandle OpenElsewhere(string full, string path)
    {
        var info = new FileInfo(full);
        if (!info.Exists)
            throw PluginTreeException.Missing(path);
        if (info.LinkTarget is not null)
            throw PluginTreeException.Link(path);
        return File.OpenHandle(full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    }
}
