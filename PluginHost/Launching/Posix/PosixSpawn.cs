using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Plugwire.Hosting.Launching.Posix;

/// <summary>
/// Starts a child by posix_spawn(3). Unlike <see cref="System.Diagnostics.Process"/> the child gets three descriptors and not whatever the host has open,
/// leads its own process group, has no signal ignored or blocked, and its exit status is nobody's but ours.
/// </summary>
internal static unsafe partial class PosixSpawn
{
    private const short SetProcessGroup = 0x02;
    private const short SetSignalDefault = 0x04;
    private const short SetSignalMask = 0x08;
    private const short SetSession = 0x80;

    // Larger than the C library's own types on every platform that has them.
    private const int OpaqueSize = 1024;
    private const int SignalSetSize = 256;

    /// <summary>False where the C library cannot close the descriptors that a child must not have (musl, glibc before 2.34).</summary>
    public static bool IsSupported { get; } = OperatingSystem.IsLinux() && HasFunctions();

    /// <param name="path">Absolute.</param>
    /// <param name="arguments">The first is the program's own name.</param>
    /// <param name="environment">As <c>NAME=value</c>.</param>
    /// <param name="workingDirectory">Null for the host's.</param>
    /// <param name="standardStreams">The child's ends: input, output, error. It gets no other descriptor, and where there are fewer, those alone.</param>
    /// <param name="ownSession">True for a session of its own, too, which no terminal's signals reach.</param>
    /// <exception cref="PosixException">The child did not come to life; the error is that of the step inside the child that failed.</exception>
    public static int Start(
        string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, string? workingDirectory, ReadOnlySpan<SafeFileHandle> standardStreams,
        bool ownSession = false)
    {
        var actions = stackalloc byte[OpaqueSize];
        Check("posix_spawn_file_actions_init", InitializeActions(actions));
        try
        {
            for (var i = 0; i < standardStreams.Length; i++)
                Check("posix_spawn_file_actions_adddup2", AddDuplicate(actions, (int)standardStreams[i].DangerousGetHandle(), i));
            Check("posix_spawn_file_actions_addclosefrom_np", AddCloseFrom(actions, standardStreams.Length));
            if (workingDirectory is not null)
                Check("posix_spawn_file_actions_addchdir_np", AddChangeDirectory(actions, workingDirectory));
            return Start(path, arguments, environment, actions, ownSession ? SetSession : SetProcessGroup);
        }
        finally
        {
            _ = DestroyActions(actions);
        }
    }

    private static int Start(string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, byte* actions, short group)
    {
        var attributes = stackalloc byte[OpaqueSize];
        var signals = stackalloc byte[SignalSetSize];
        Check("posix_spawnattr_init", InitializeAttributes(attributes));
        try
        {
            Check("posix_spawnattr_setflags", SetFlags(attributes, (short)(group | SetSignalDefault | SetSignalMask)));
            Check("posix_spawnattr_setpgroup", SetGroup(attributes, 0));

            // .NET ignores SIGPIPE, and an ignored signal stays ignored in a child: its `yes | head` would never end.
            _ = LibC.FillSignalSet(signals);
            Check("posix_spawnattr_setsigdefault", SetDefaultSignals(attributes, signals));
            _ = LibC.EmptySignalSet(signals);
            Check("posix_spawnattr_setsigmask", SetMaskedSignals(attributes, signals));

            using var argv = new NativeStrings(arguments);
            using var envp = new NativeStrings(environment);
            int processId;
            Check("posix_spawn", Spawn(&processId, path, actions, attributes, argv.Pointer, envp.Pointer));
            return processId;
        }
        finally
        {
            _ = DestroyAttributes(attributes);
        }
    }

    private static void Check(string call, int error)
    {
        if (error != 0)
            throw new PosixException(call, error);
    }

    private static bool HasFunctions()
    {
        var program = NativeLibrary.GetMainProgramHandle();
        return NativeLibrary.TryGetExport(program, "posix_spawn_file_actions_addclosefrom_np", out _)
            && NativeLibrary.TryGetExport(program, "posix_spawn_file_actions_addchdir_np", out _);
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Spawn(int* processId, string path, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int InitializeActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int DestroyActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int AddDuplicate(byte* actions, int descriptor, int newDescriptor);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    private static partial int AddCloseFrom(byte* actions, int first);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddChangeDirectory(byte* actions, string path);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int InitializeAttributes(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int DestroyAttributes(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setpgroup")]
    private static partial int SetGroup(byte* attributes, int group);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SetDefaultSignals(byte* attributes, byte* set);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int SetMaskedSignals(byte* attributes, byte* set);
}
