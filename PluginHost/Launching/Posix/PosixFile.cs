using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Plugwire.Hosting.Launching.Posix;

/// <summary>What .NET does not tell about a file.</summary>
internal static unsafe class PosixFile
{
    private const int CurrentDirectory = -100;
    private const int DoNotFollowLinks = 0x100;
    private const int DescriptorItself = 0x1000;
    private const uint BasicStats = 0x7ff;
    private const int StatXSize = 256;
    private const int UserIdOffset = 20;
    private const int ModeOffset = 28;
    private const int InodeOffset = 32;

    // Two 32-bit numbers side by side, taken for one.
    private const int DeviceOffset = 136;
    private const int TypeMask = 0xF000;

    /// <summary>The path with every link in it followed; null when a part of it is not there.</summary>
    public static string? RealPath(string path)
    {
        var resolved = LibC.RealPath(path, null);
        if (resolved is null)
            return null;

        try
        {
            return Marshal.PtrToStringUTF8((nint)resolved);
        }
        finally
        {
            LibC.Free(resolved);
        }
    }

    /// <summary>Makes a directory that nobody else can enter, and that nobody made before. False when there is something of that name already.</summary>
    /// <exception cref="PosixException">It could not be made.</exception>
    public static bool TryMakePrivateDirectory(string path)
    {
        const uint OwnerOnly = 0b111_000_000;
        if (LibC.MakeDirectory(path, OwnerOnly) == 0)
            return true;

        var error = Marshal.GetLastPInvokeError();
        return error == Errno.Exists ? false : throw new PosixException("mkdir", error);
    }

    /// <summary>What the path itself is, no link followed. Linux.</summary>
    /// <exception cref="PosixException">There is nothing, or it may not be looked at.</exception>
    public static PosixStatus Inspect(string path) => Inspect(CurrentDirectory, path, DoNotFollowLinks);

    /// <summary>What a descriptor stands for. Linux.</summary>
    /// <exception cref="PosixException">It may not be looked at.</exception>
    public static PosixStatus Inspect(SafeFileHandle file) => Inspect((int)file.DangerousGetHandle(), "", DescriptorItself);

    private static PosixStatus Inspect(int directory, string path, int flags)
    {
        var result = stackalloc byte[StatXSize];
        return LibC.StatX(directory, path, flags, BasicStats, result) != 0
            ? throw new PosixException("statx", Marshal.GetLastPInvokeError())
            : new PosixStatus(
                *(ushort*)(result + ModeOffset) & TypeMask,
                *(uint*)(result + UserIdOffset),
                *(ulong*)(result + InodeOffset),
                *(ulong*)(result + DeviceOffset));
    }
}
