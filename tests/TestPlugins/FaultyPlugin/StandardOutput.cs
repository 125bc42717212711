using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Plugwire.TestPlugins.Faulty;

/// <summary>
/// The standard output that the host reads the handshake from, kept from the plugin's own library: what that writes comes through a pipe, so that something can go wrong with it.
/// </summary>
internal static unsafe partial class StandardOutput
{
    private const int Descriptor = 1;
    private const int DuplicateCloseOnExec = 1030;
    private const int CloseOnExec = 0x80000;

    private static FileStream? _host;

    /// <summary>To be called before the library is.</summary>
    public static void TakeOver(FaultTrigger trigger)
    {
        var pipe = stackalloc int[2];
        if (Pipe(pipe, CloseOnExec) != 0 || Control(Descriptor, DuplicateCloseOnExec, 3) is not (>= 0 and var host) || Duplicate(pipe[1], Descriptor) < 0)
            throw new IOException("The standard output cannot be taken over: " + Marshal.GetLastPInvokeErrorMessage());

        _host = Open(host, FileAccess.Write);
        var library = Open(pipe[0], FileAccess.Read);
        new Thread(() => PassOn(library, trigger)) { IsBackground = true }.Start();
    }

    public static void Print(string line) => Write(Encoding.UTF8.GetBytes(line + "\n"));

    public static void Flood(long bytes)
    {
        var block = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("yyyyyyy\n", 8 * 1024)));
        for (var left = bytes; left > 0; left -= block.Length)
            Write(block.AsSpan(0, (int)Math.Min(left, block.Length)));
    }

    // The library writes one line, at once.
    private static void PassOn(FileStream library, FaultTrigger trigger)
    {
        var line = new byte[4096];
        var length = library.Read(line);
        Write(line.AsSpan(0, length / 2));
        trigger.Reach(FaultPoint.DuringHandshake);
        Write(line.AsSpan(length / 2, length - (length / 2)));
        if (trigger.NeedsStandardOutput)
            trigger.Reach(FaultPoint.AfterHandshake);
    }

    private static void Write(ReadOnlySpan<byte> bytes)
    {
        _host!.Write(bytes);
        _host.Flush();
    }

    private static FileStream Open(int descriptor, FileAccess access) => new(new SafeFileHandle(descriptor, ownsHandle: true), access, bufferSize: 0);

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static partial int Pipe(int* descriptors, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Duplicate(int descriptor, int to);
}
