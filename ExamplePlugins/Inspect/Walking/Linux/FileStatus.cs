using System.Runtime.InteropServices;

namespace Examples.Inspect.Walking.Linux;

/// <summary>The kernel's <c>struct statx</c>, as far as it is needed.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal readonly struct FileStatus
{
    [FieldOffset(28)]
    private readonly ushort _mode;

    [FieldOffset(32)]
    private readonly ulong _inode;

    [FieldOffset(136)]
    private readonly ulong _device;

    public FileType Type => (FileType)(_mode >> 12);

    public FileIdentity Identity => new(_device, _inode);
}

/// <summary>What makes a file the same file under another name.</summary>
internal readonly record struct FileIdentity(ulong Device, ulong Inode);
