using System.Runtime.InteropServices;

namespace Plugwire.Descriptors;

/// <summary>What is done with a raw file descriptor of Unix. No descriptor made here is inherited by a child.</summary>
internal static unsafe class Descriptor
{
    public const int StandardInput = 0;
    public const int StandardOutput = 1;
    public const int StandardError = 2;

    // Linux knows calls that make a descriptor and close it to children in one step. Elsewhere it is two steps, which is as
    // good while no other thread of the process can start a child, and we are called before the author's code.
    private const int LinuxDuplicateCloseOnExec = 1030;
    private const int LinuxCloseOnExec = 0x80000;
    private const nuint BsdCloseOnExec = 0x20006601;

    /// <summary>A second descriptor of the same open file.</summary>
    /// <exception cref="IOException">The descriptor is not open, or the process has too many.</exception>
    public static int Duplicate(int descriptor)
    {
        var copy = OperatingSystem.IsLinux()
            ? NativeCalls.Fcntl(descriptor, LinuxDuplicateCloseOnExec, 3)
            : NativeCalls.Dup(descriptor);
        if (copy < 0)
            throw Failure($"duplicate descriptor {descriptor}");
        if (!OperatingSystem.IsLinux())
            CloseOnExec(copy);
        return copy;
    }

    public static (int Reader, int Writer) CreatePipe()
    {
        var ends = stackalloc int[2];
        if ((OperatingSystem.IsLinux() ? NativeCalls.Pipe2(ends, LinuxCloseOnExec) : NativeCalls.Pipe(ends)) < 0)
            throw Failure("make a pipe");
        if (!OperatingSystem.IsLinux())
        {
            CloseOnExec(ends[0]);
            CloseOnExec(ends[1]);
        }

        return (ends[0], ends[1]);
    }

    /// <summary>Makes <paramref name="target"/> name what <paramref name="descriptor"/> names; children inherit the target.</summary>
    public static void Replace(int descriptor, int target)
    {
        while (NativeCalls.Dup2(descriptor, target) < 0)
        {
            if (Marshal.GetLastPInvokeError() != NativeCalls.Interrupted)
                throw Failure($"replace descriptor {target}");
        }
    }

    public static void Close(int descriptor) => NativeCalls.Close(descriptor);

    /// <summary>Blocks until there is something to read. Zero is the end of the stream.</summary>
    /// <exception cref="IOException">The descriptor cannot be read.</exception>
    public static int Read(int descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var count = NativeCalls.Read(descriptor, start, (nuint)buffer.Length);
                if (count >= 0)
                    return (int)count;

                var error = Marshal.GetLastPInvokeError();
                if (error == NativeCalls.TryAgain)
                    WaitReadable(descriptor); // Whoever shares the open file may have made it non-blocking.
                else if (error != NativeCalls.Interrupted)
                    throw Failure($"read descriptor {descriptor}");
            }
        }
    }

    /// <summary>Writes all of it, in one call unless the system takes less. False when nobody can read it any more.</summary>
    public static bool TryWrite(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            nuint written = 0;
            while (written < (nuint)bytes.Length)
            {
                var count = NativeCalls.Write(descriptor, start + written, (nuint)bytes.Length - written);
                if (count >= 0)
                {
                    written += (nuint)count;
                    continue;
                }

                var error = Marshal.GetLastPInvokeError();
                if (error == NativeCalls.TryAgain)
                    WaitWritable(descriptor);
                else if (error != NativeCalls.Interrupted)
                    return false;
            }
        }

        return true;
    }

    /// <summary>Whether a read would return at once: with bytes, or with the end.</summary>
    public static bool IsReadable(int descriptor) => Poll(descriptor, NativeCalls.PollIn, 0);

    public static void WaitReadable(int descriptor) => Poll(descriptor, NativeCalls.PollIn, -1);

    /// <summary>Blocks until one of the two is readable.</summary>
    public static (bool First, bool Second) WaitReadable(int first, int second)
    {
        var polled = stackalloc NativeCalls.PollDescriptor[2];
        polled[0] = new() { Descriptor = first, Wanted = NativeCalls.PollIn };
        polled[1] = new() { Descriptor = second, Wanted = NativeCalls.PollIn };
        while (NativeCalls.Poll(polled, 2, -1) < 0)
        {
            if (Marshal.GetLastPInvokeError() != NativeCalls.Interrupted)
                throw Failure("wait for a descriptor");
        }

        return (polled[0].Found != 0, polled[1].Found != 0);
    }

    public static IOException Failure(string deed) =>
        new($"Could not {deed}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");

    private static void WaitWritable(int descriptor)
    {
        const short pollOut = 4;
        Poll(descriptor, pollOut, -1);
    }

    private static bool Poll(int descriptor, short wanted, int milliseconds)
    {
        var polled = new NativeCalls.PollDescriptor { Descriptor = descriptor, Wanted = wanted };
        while (true)
        {
            var count = NativeCalls.Poll(&polled, 1, milliseconds);
            if (count >= 0)
                return count > 0;
            if (Marshal.GetLastPInvokeError() != NativeCalls.Interrupted)
                throw Failure($"wait for descriptor {descriptor}");
        }
    }

    private static void CloseOnExec(int descriptor)
    {
        if (NativeCalls.Ioctl(descriptor, BsdCloseOnExec) < 0)
            throw Failure($"close descriptor {descriptor} to children");
    }
}
