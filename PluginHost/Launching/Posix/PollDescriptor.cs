using System.Runtime.InteropServices;

namespace Plugwire.Hosting.Launching.Posix;

/// <summary>The C library's <c>struct pollfd</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollDescriptor
{
    public const short Readable = 1;

    public int Descriptor;
    public short Events;
    public short Returned;
}
