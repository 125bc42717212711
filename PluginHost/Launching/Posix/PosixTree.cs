using System.Runtime.InteropServices;

namespace Plugwire.Hosting.Launching.Posix;

/// <summary>Removes files that .NET cannot: its paths are text, and on Linux a name may be any bytes. Follows no link. Linux on x64 and ARM64; elsewhere without effect.</summary>
internal static unsafe class PosixTree
{
    // Each level holds a descriptor.
    private const int MostLevels = 64;

    // struct dirent: two 64-bit numbers, a length, a type, the name.
    private const int NameOffset = 19;
    private const int RemoveDirectory = 0x200;

    /// <summary>Removes all that is in a directory of which no process is left that could change it. What cannot be removed stays.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="mayGoOn">Asked before each file; null for no end but the last.</param>
    public static void RemoveContents(string path, Func<bool>? mayGoOn = null)
    {
        if (!OperatingSystem.IsLinux() || LibC.NoLinks == 0)
            return;

        var directory = LibC.Open(path, LibC.CloseOnExec | LibC.NoLinks);
        if (directory >= 0)
            RemoveContents(directory, MostLevels, mayGoOn ?? (static () => true));
    }

    private static void RemoveContents(int directory, int levels, Func<bool> mayGoOn)
    {
        // The stream owns the descriptor from here on.
        var stream = LibC.OpenDirectoryStream(directory);
        if (stream == 0)
        {
            _ = LibC.Close(directory);
            return;
        }

        try
        {
            while (mayGoOn() && LibC.ReadDirectory(stream) is var entry && entry != null)
            {
                var name = entry + NameOffset;
                if (IsItselfOrParent(name) || LibC.RemoveAt(directory, name, 0) == 0)
                    continue;

                // Said of directories alone, never of a link to one.
                if (Marshal.GetLastPInvokeError() == Errno.IsDirectory)
                    RemoveSubdirectory(directory, name, levels, mayGoOn);
            }
        }
        finally
        {
            _ = LibC.CloseDirectoryStream(stream);
        }
    }

    private static void RemoveSubdirectory(int directory, byte* name, int levels, Func<bool> mayGoOn)
    {
        var subdirectory = levels > 0 ? LibC.OpenAt(directory, name, LibC.CloseOnExec | LibC.NoLinks) : -1;
        if (subdirectory >= 0)
            RemoveContents(subdirectory, levels - 1, mayGoOn);
        _ = LibC.RemoveAt(directory, name, RemoveDirectory);
    }

    private static bool IsItselfOrParent(byte* name) => name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0));
}
