using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Examples.Inspect.Walking.Linux;

/// <summary>The calls that take names as bytes. <c>statx</c> and not <c>fstatat</c>: its structure is the same on every architecture.</summary>
internal static unsafe partial class Libc
{
    public const int CurrentDirectory = -100;
    public const int NoSymlink = 0x100;
    public const int ThisDescriptor = 0x1000;
    public const uint TypeAndInode = 0x1 | 0x100;

    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int NoControllingTerminal = 0x100;
    public const int PathOnly = 0x200000;

    // These two have other values on the architectures whose kernel headers say so.
    private static readonly bool HasOwnFlags = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Ppc64le;

    public static readonly int MustBeDirectory = HasOwnFlags ? 0x4000 : 0x10000;
    public static readonly int NoFollow = HasOwnFlags ? 0x8000 : 0x20000;

    public static string LastError => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    public static partial int OpenAt(int directory, byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    public static partial int StatX(int directory, byte* path, int flags, uint mask, FileStatus* status);

    [LibraryImport("libc", EntryPoint = "fdopendir", SetLastError = true)]
    public static partial nint OpenDirectoryStream(int descriptor);

    [LibraryImport("libc", EntryPoint = "readdir", SetLastError = true)]
    public static partial DirectoryRecord* ReadDirectory(nint stream);

    [LibraryImport("libc", EntryPoint = "closedir", SetLastError = true)]
    public static partial int CloseDirectory(nint stream);

    /// <summary>What an open descriptor is; null when the system does not say.</summary>
    public static FileStatus? Describe(int descriptor)
    {
        FileStatus status;
        byte none = 0;
        return StatX(descriptor, &none, ThisDescriptor, TypeAndInode, &status) == 0 ? status : null;
    }

    /// <summary>What a name is, a symlink at its end not followed; null when the system does not say.</summary>
    public static FileStatus? Describe(int directory, ReadOnlySpan<byte> terminatedName, int flags = NoSymlink)
    {
        FileStatus status;
        fixed (byte* name = terminatedName)
            return StatX(directory, name, flags, TypeAndInode, &status) == 0 ? status : null;
    }

    /// <summary>Opens a name that a zero ends. Never waits for a FIFO's other end, never takes a terminal, is never inherited.</summary>
    public static SafeFileHandle? Open(int directory, ReadOnlySpan<byte> terminatedName, int flags)
    {
        fixed (byte* name = terminatedName)
        {
            var descriptor = OpenAt(directory, name, flags | NonBlocking | CloseOnExec | NoControllingTerminal);
            return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
        }
    }
}
