using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Plugwire.Hosting.Launching.Posix;

/// <summary>The C library's functions that .NET has no word for. Constants are Linux's; only Linux gets to the calls that use them.</summary>
internal static unsafe partial class LibC
{
    public const int CloseOnExec = 0x80000;
    public const int NonBlocking = 0x800;
    public const int SetStatusFlags = 4;
    public const int DuplicateCloseOnExec = 1030;

    public const int WaitNoHang = 1;
    public const int WaitExited = 4;
    public const int WaitLeaveZombie = 0x01000000;
    public const int WaitByProcessId = 1;

    public const int SigKill = 9;
    public const int SigTerm = 15;
    public const int SigChild = 17;

    public const int MayExecute = 1;

    public const int LockForOne = 2;
    public const int DoNotWaitForLock = 4;

    /// <summary>O_NOFOLLOW, which each processor numbers in its own way; 0 where the number is not known.</summary>
    public static readonly int NoLinks = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 0x20000,
        Architecture.Arm64 => 0x8000,
        _ => 0,
    };

    public const int SetNoNewPrivileges = 38;

    private const int PidFdSendSignalNumber = 424;
    private const int PidFdOpenNumber = 434;

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    public static partial int Pipe(int* descriptors, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeHandle descriptor, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeHandle descriptor, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(SafeHandle descriptor, int operation);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Control(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollDescriptor* descriptors, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "getpgid", SetLastError = true)]
    public static partial int GetProcessGroup(int processId);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    public static partial int WaitId(int idType, uint id, byte* info, int options);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    public static partial int WaitPid(int processId, int* status, int options);

    [LibraryImport("libc", EntryPoint = "signal")]
    public static partial nint SetSignalHandler(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeDirectory(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    public static partial int OpenAt(int directory, byte* name, int flags);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    public static partial int RemoveAt(int directory, byte* name, int flags);

    [LibraryImport("libc", EntryPoint = "fdopendir", SetLastError = true)]
    public static partial nint OpenDirectoryStream(int directory);

    [LibraryImport("libc", EntryPoint = "readdir", SetLastError = true)]
    public static partial byte* ReadDirectory(nint stream);

    [LibraryImport("libc", EntryPoint = "closedir")]
    public static partial int CloseDirectoryStream(nint stream);

    [LibraryImport("libc", EntryPoint = "realpath", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial byte* RealPath(string path, byte* resolved);

    [LibraryImport("libc", EntryPoint = "free")]
    public static partial void Free(void* block);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUserId();

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int StatX(int directory, string path, int flags, uint mask, byte* result);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    public static partial int EmptySignalSet(byte* set);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    public static partial int FillSignalSet(byte* set);

    [LibraryImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    public static partial int LimitProcess(int processId, int resource, ResourceLimits* lowered, ResourceLimits* found);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    public static partial int ControlThread(int operation, nuint first, nuint second, nuint third, nuint fourth);

    /// <summary>A descriptor that names the process and no later one with its number; readable once the process has ended.</summary>
    public static int OpenProcess(int processId) => (int)SystemCall(PidFdOpenNumber, processId, 0);

    public static int SignalProcess(SafeFileHandle process, int signal) => (int)SystemCall(PidFdSendSignalNumber, process, signal, 0, 0);

    // Called by number: the C library has names for these only since 2.36.
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, SafeHandle first, nint second, nint third, nint fourth);

    /// <summary>struct rlimit.</summary>
    internal struct ResourceLimits
    {
        public nuint Soft;
        public nuint Hard;
    }
}
