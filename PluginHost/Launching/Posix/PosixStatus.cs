namespace Plugwire.Hosting.Launching.Posix;

/// <summary>What a file is.</summary>
/// <param name="Type">The type bits of its mode.</param>
/// <param name="UserId">Its owner.</param>
/// <param name="Inode">Its number in its file system.</param>
/// <param name="Device">Its file system.</param>
internal readonly record struct PosixStatus(int Type, uint UserId, ulong Inode, ulong Device)
{
    private const int SocketType = 0xC000;
    private const int DirectoryType = 0x4000;
    private const int FileType = 0x8000;

    public bool IsSocket => Type == SocketType;

    public bool IsDirectory => Type == DirectoryType;

    /// <summary>True of what has content of its own: no pipe, no socket, no device, no link.</summary>
    public bool IsFile => Type == FileType;
}
