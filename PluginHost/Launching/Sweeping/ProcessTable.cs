using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Plugwire.Hosting.Launching.Posix;

namespace Plugwire.Hosting.Launching.Sweeping;

/// <summary>The processes of this machine, as Linux shows them under /proc.</summary>
internal static unsafe class ProcessTable
{
    // What the kernel takes at most for arguments and environment together.
    private const int MostEnvironmentBytes = 6 * 1024 * 1024;

    public static IEnumerable<int> ProcessIds()
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var processId)
                && processId != Environment.ProcessId)
            {
                yield return processId;
            }
        }
    }

    /// <summary>The value of a variable in the environment that the process was started with; null when it has none, has ended, or may not be looked into.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="assignment">The variable's name and a <c>=</c>, as bytes.</param>
    /// <param name="buffer">Used from call to call, grown where an environment is larger.</param>
    /// <param name="isUnclear">The process is just becoming another program, and shows no environment until it has.</param>
    public static string? Variable(int processId, ReadOnlySpan<byte> assignment, ref byte[] buffer, out bool isUnclear)
    {
        isUnclear = false;
        var descriptor = LibC.Open(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/environ"), LibC.CloseOnExec);
        if (descriptor < 0)
            return null;

        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        var length = ReadAll(file, ref buffer);
        isUnclear = length == 0 && IsBecomingAnotherProgram(processId);
        return Find(buffer.AsSpan(0, length), assignment);
    }

    /// <summary>For a report; empty when the process has ended meanwhile.</summary>
    public static string NameOf(int processId)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/comm")).TrimEnd('\n');
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>The process's parent; null when it has ended, or may not be looked at.</summary>
    public static int? ParentOf(int processId)
    {
        const int ParentField = 4;
        return StatOf(processId) is { } stat && int.TryParse(Field(stat, ParentField), NumberStyles.None, CultureInfo.InvariantCulture, out var parent) ? parent : null;
    }

    /// <summary>When the process was started, in the kernel's own ticks: with its number, what no other process has. Null when it has ended and is reaped, or may not be looked at.</summary>
    public static string? StartTimeOf(int processId)
    {
        const int StartTimeField = 22;
        return StatOf(processId) is { } stat ? Field(stat, StartTimeField) : null;
    }

    /// <summary>The process's line in <c>/proc/PID/stat</c>; null when it has ended, or may not be looked at.</summary>
    public static string? StatOf(int processId)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether another process traces this one, as a debugger does; false also when it has ended, or may not be looked at.</summary>
    public static bool IsTraced(int processId)
    {
        const string Tracer = "TracerPid:";
        try
        {
            var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/status")).FirstOrDefault(line => line.StartsWith(Tracer, StringComparison.Ordinal));
            return line is not null && line.AsSpan(Tracer.Length).Trim() is not "0";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// Whether a line of <c>/proc/PID/stat</c> shows a process in the middle of execve(2): its new memory is there, its environment not yet. A process
    /// that was given an empty environment has an address for it; kernel threads and zombies have none and never will.
    /// </summary>
    internal static bool ShowsExec(string stat)
    {
        const int StateField = 3, FlagsField = 9, EnvironmentEndField = 51;
        const ulong KernelThread = 0x0020_0000;
        return Field(stat, StateField) is not ("Z" or "X")
            && ulong.TryParse(Field(stat, FlagsField), NumberStyles.None, CultureInfo.InvariantCulture, out var flags)
            && (flags & KernelThread) == 0
            && Field(stat, EnvironmentEndField) == "0";
    }

    private static bool IsBecomingAnotherProgram(int processId) => StatOf(processId) is { } stat && ShowsExec(stat);

    // "1234 (name) S 1 …", counted from one. The name may hold anything; what follows are numbers, but for the state.
    private static string? Field(string stat, int number)
    {
        const int FirstBehindName = 3;
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', number - FirstBehindName + 2, StringSplitOptions.RemoveEmptyEntries);
        return fields.ElementAtOrDefault(number - FirstBehindName)?.TrimEnd('\n');
    }

    internal static string? Find(ReadOnlySpan<byte> environment, ReadOnlySpan<byte> assignment)
    {
        while (!environment.IsEmpty)
        {
            var end = environment.IndexOf((byte)0);
            var entry = end < 0 ? environment : environment[..end];
            if (entry.StartsWith(assignment))
                return Encoding.UTF8.GetString(entry[assignment.Length..]);
            environment = end < 0 ? [] : environment[(end + 1)..];
        }

        return null;
    }

    private static int ReadAll(SafeFileHandle file, ref byte[] buffer)
    {
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                if (length >= MostEnvironmentBytes)
                    return length;
                Array.Resize(ref buffer, length * 2);
            }

            nint read;
            fixed (byte* start = buffer)
                read = LibC.Read(file, start + length, buffer.Length - length);
            if (read > 0)
                length += (int)read;
            else if (read == 0 || Marshal.GetLastPInvokeError() != Errno.Interrupted)
                return length;
        }
    }
}
