using System.Globalization;
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
    private const int ErrorDescriptor = 2;
    private const int DuplicateCloseOnExec = 1030;
    private const int CloseOnExec = 0x80000;

    private const string Descriptors = "/proc/self/fd";

    private static string?[] _pipes = [];
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

    /// <summary>To be called first of all: afterwards the library keeps the pipe to the host under another number.</summary>
    public static void RememberPipes() => _pipes = [TargetOf(Descriptor), TargetOf(ErrorDescriptor)];

    /// <summary>Closes all that the process holds of the pipes to its host; what it writes there afterwards is lost.</summary>
    public static void LeadNowhere()
    {
        using var nothing = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        foreach (var path in Directory.GetFileSystemEntries(Descriptors))
        {
            var descriptor = int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture);
            if (_pipes.Contains(TargetOf(descriptor)))
                _ = Duplicate((int)nothing.DangerousGetHandle(), descriptor);
        }
    }

    // Null for one that has been closed meanwhile.
    private static string? TargetOf(int descriptor) => new FileInfo(Path.Combine(Descriptors, descriptor.ToString(CultureInfo.InvariantCulture))).LinkTarget;

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
