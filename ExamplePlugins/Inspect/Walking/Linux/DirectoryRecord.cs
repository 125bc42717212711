using System.Runtime.InteropServices;

namespace Examples.Inspect.Walking.Linux;

/// <summary>What <c>readdir</c> returns on every 64-bit Linux, with glibc as with musl.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct DirectoryRecord
{
    public ulong Inode;
    public long Offset;
    public ushort Length;
    public FileType Type;
    public fixed byte Name[256];
}
