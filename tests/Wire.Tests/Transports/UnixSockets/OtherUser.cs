using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Plugwire.Wire.Tests.Transports.UnixSockets;

/// <summary>
/// Does something as another user, on a thread of its own: for Linux users belong to threads, and it is the C library that keeps those of a process together.
/// </summary>
internal static partial class OtherUser
{
    /// <summary>Nobody, on most systems; also the group.</summary>
    public const uint Id = 65534;

    private const nint Unchanged = -1;

    private static bool IsPossible => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64 && EffectiveUserId() == 0;

    private static (nint User, nint Group) Numbers => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? (117, 119) : (147, 149);

    public static void SkipUnlessPossible() => Assert.SkipUnless(IsPossible, "Only the administrator of a Linux may act as another user.");

    public static Task<T> RunAsync<T>(Func<T> action)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(Run) { IsBackground = true, Name = "another user" }.Start();
        return done.Task;

        void Run()
        {
            try
            {
                // The group first: afterwards there is no right left to change it. The thread ends with its user.
                Become(Numbers.Group);
                Become(Numbers.User);
                done.SetResult(action());
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        }
    }

    private static void Become(nint number)
    {
        if (SystemCall(number, Unchanged, (nint)Id, Unchanged) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint real, nint effective, nint saved);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUserId();
}
