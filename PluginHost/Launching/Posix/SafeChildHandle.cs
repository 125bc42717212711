using System.Runtime.InteropServices;

namespace Plugwire.Hosting.Launching.Posix;

/// <summary>
/// A child of ours, by its id. Until the last user lets go the child stays a zombie after its end, so that neither its id nor its group's can be given to a stranger
/// whom a late signal would hit.
/// </summary>
internal sealed unsafe class SafeChildHandle : SafeHandle
{
    private const int ExitInfoSize = 128;
    private const int CodeOffset = 8;
    private const int CodeExited = 1;

    public SafeChildHandle(int processId)
        : base(-1, ownsHandle: true) => SetHandle(processId);

    public override bool IsInvalid => handle <= 0;

    /// <summary>Ends a child that nobody has adopted, and waits for it: on the spawner's own thread, and not for long.</summary>
    public static void KillAndReap(int processId)
    {
        _ = LibC.Kill(-processId, LibC.SigKill);
        while (LibC.WaitPid(processId, null, 0) < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted)
        {
        }
    }

    /// <summary>Sends a signal to the child's whole group. False when the child was let go already or nobody in the group can be signalled.</summary>
    public bool SignalGroup(int signal) => Send(-1, signal);

    /// <summary>Sends a signal to the child alone. False when the child was let go already.</summary>
    public bool Signal(int signal) => Send(1, signal);

    /// <summary>Whether the child has ended, and how; leaves it a zombie. Both values are null when somebody else in this process took the status.</summary>
    public bool HasEnded(out int? exitCode, out int? signal)
    {
        exitCode = null;
        signal = null;

        // siginfo_t: the id and the status stand behind three integers, aligned as a pointer is.
        var info = stackalloc byte[ExitInfoSize];
        var idOffset = sizeof(nint) == 8 ? 16 : 12;
        while (true)
        {
            new Span<byte>(info, ExitInfoSize).Clear();
            if (LibC.WaitId(LibC.WaitByProcessId, (uint)handle, info, LibC.WaitExited | LibC.WaitNoHang | LibC.WaitLeaveZombie) == 0)
                break;
            if (Marshal.GetLastPInvokeError() != Errno.Interrupted)
                return true;
        }

        if (*(int*)(info + idOffset) == 0)
            return false;

        var status = *(int*)(info + idOffset + 8);
        if (*(int*)(info + CodeOffset) == CodeExited)
            exitCode = status;
        else
            signal = status;
        return true;
    }

    protected override bool ReleaseHandle()
    {
        while (LibC.WaitPid((int)handle, null, LibC.WaitNoHang) < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted)
        {
        }

        return true;
    }

    // A process's number stands for the process, its negative for the group that it leads.
    private bool Send(int sign, int signal)
    {
        var held = false;
        try
        {
            DangerousAddRef(ref held);
            return LibC.Kill(sign * (int)handle, signal) == 0;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
        finally
        {
            if (held)
                DangerousRelease();
        }
    }
}
