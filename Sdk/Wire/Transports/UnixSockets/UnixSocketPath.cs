using System.Text;

namespace Plugwire.Wire.Transports.UnixSockets;

/// <summary>What a path must be to name a Unix domain socket.</summary>
internal static class UnixSocketPath
{
    // sun_path has 108 bytes on Linux and Windows, 104 on macOS and the BSDs; one of them is the terminating zero.
    private const int LinuxMaxBytes = 107;
    private const int BsdMaxBytes = 103;

    /// <summary>The longest path that this platform takes, in bytes of UTF-8.</summary>
    public static int MaxBytes { get; } = OperatingSystem.IsLinux() || OperatingSystem.IsWindows() ? LinuxMaxBytes : BsdMaxBytes;

    /// <exception cref="ArgumentException">The path is empty, relative, too long, or holds a zero.</exception>
    public static void Validate(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);

        // A leading zero would name an abstract socket, which has no permissions; one further on would cut the path.
        if (path.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException($"The socket path '{path.Replace("\0", "\\0", StringComparison.Ordinal)}' holds a zero character.", nameof(path));

        if (!Path.IsPathFullyQualified(path))
            throw new ArgumentException($"The socket path '{path}' is relative: both sides need an absolute one.", nameof(path));

        var length = Encoding.UTF8.GetByteCount(path);
        if (length > MaxBytes)
        {
            throw new ArgumentException(
                $"The socket path '{path}' has {length} bytes, and this platform takes at most {MaxBytes}. Choose a directory with a shorter path.",
                nameof(path));
        }
    }
}
