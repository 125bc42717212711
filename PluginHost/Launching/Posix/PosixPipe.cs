using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Plugwire.Hosting.Launching.Posix;

/// <summary>Both ends of a pipe, neither of which any other child of the host inherits.</summary>
internal sealed unsafe record PosixPipe(SafeFileHandle Reader, SafeFileHandle Writer) : IDisposable
{
    private const int FirstOwnDescriptor = 3;

    /// <exception cref="PosixException">There is no descriptor left.</exception>
    public static PosixPipe Create()
    {
        var descriptors = stackalloc int[2];
        if (LibC.Pipe(descriptors, LibC.CloseOnExec) != 0)
            throw new PosixException("pipe2", Marshal.GetLastPInvokeError());

        var reader = AboveStandard(descriptors[0], out var readerError);
        var writer = AboveStandard(descriptors[1], out var writerError);
        if (readerError == 0 && writerError == 0)
            return new PosixPipe(reader, writer);

        reader.Dispose();
        writer.Dispose();
        throw new PosixException("fcntl", readerError != 0 ? readerError : writerError);
    }

    public static void MakeNonBlocking(SafeFileHandle end)
    {
        if (LibC.Control((int)end.DangerousGetHandle(), LibC.SetStatusFlags, LibC.NonBlocking) < 0)
            throw new PosixException("fcntl", Marshal.GetLastPInvokeError());
    }

    public void Dispose()
    {
        Reader.Dispose();
        Writer.Dispose();
    }

    // In a host that was started with its standard streams closed, a pipe gets their numbers; the child's own streams would then overwrite each other.
    private static SafeFileHandle AboveStandard(int descriptor, out int error)
    {
        error = 0;
        if (descriptor >= FirstOwnDescriptor)
            return new SafeFileHandle(descriptor, ownsHandle: true);

        var moved = LibC.Control(descriptor, LibC.DuplicateCloseOnExec, FirstOwnDescriptor);
        if (moved < 0)
            error = Marshal.GetLastPInvokeError();
        _ = LibC.Close(descriptor);
        return new SafeFileHandle(moved, ownsHandle: true);
    }
}
