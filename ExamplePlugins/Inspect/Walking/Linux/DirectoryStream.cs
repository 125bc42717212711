using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Examples.Inspect.Walking.Linux;

/// <summary>A directory that is open, and read name by name.</summary>
internal sealed unsafe class DirectoryStream : SafeHandleZeroOrMinusOneIsInvalid
{
    private DirectoryStream(nint stream, int descriptor)
        : base(ownsHandle: true)
    {
        SetHandle(stream);
        Descriptor = descriptor;
    }

    public int Descriptor { get; }

    /// <summary>Takes the descriptor over; null, with the descriptor closed, when the system refuses.</summary>
    public static DirectoryStream? Over(SafeFileHandle directory)
    {
        using (directory)
        {
            var descriptor = (int)directory.DangerousGetHandle();
            var stream = Libc.OpenDirectoryStream(descriptor);
            if (stream == 0)
                return null;

            // The stream owns the descriptor from here on.
            directory.SetHandleAsInvalid();
            return new DirectoryStream(stream, descriptor);
        }
    }

    /// <summary>The next name, the ending zero included, valid until the next call; empty at the end or on an error, which is then not null.</summary>
    public ReadOnlySpan<byte> Read(out FileType type, out string? error)
    {
        while (true)
        {
            type = FileType.Unknown;
            error = null;
            var record = Libc.ReadDirectory(handle);
            if (record is null)
            {
                // Null is the end as well as an error: the stub has set errno to 0 before the call.
                error = Marshal.GetLastPInvokeError() == 0 ? null : Libc.LastError;
                return default;
            }

            var name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(record->Name);
            if (name.SequenceEqual("."u8) || name.SequenceEqual(".."u8))
                continue;
            type = record->Type;
            return new ReadOnlySpan<byte>(record->Name, name.Length + 1);
        }
    }

    protected override bool ReleaseHandle() => Libc.CloseDirectory(handle) == 0;
}
