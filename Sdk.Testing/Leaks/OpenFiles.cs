namespace Plugwire.Testing.Leaks;

/// <summary>The open files and bound sockets of this process, as Linux shows them; nothing elsewhere.</summary>
internal static class OpenFiles
{
    private const string DescriptorDirectory = "/proc/self/fd";
    private const string SocketTable = "/proc/net/unix";

    /// <summary>What is open or bound below a directory: a clause for each.</summary>
    public static IEnumerable<string> Below(string directory)
    {
        if (!OperatingSystem.IsLinux())
            return [];

        var prefix = directory + Path.DirectorySeparatorChar;
        return Descriptors()
            .Where(descriptor => descriptor.Target.StartsWith(prefix, StringComparison.Ordinal))
            .Select(descriptor => $"the file '{descriptor.Target}' is still open in the test's process (descriptor {descriptor.Number}).")
            .Concat(BoundSockets().Where(path => path.StartsWith(prefix, StringComparison.Ordinal)).Distinct().Select(path => $"the socket '{path}' is still open."));
    }

    /// <summary>What this process has open.</summary>
    public static IEnumerable<OpenDescriptor> Descriptors()
    {
        if (!OperatingSystem.IsLinux())
            yield break;

        foreach (var link in Directory.EnumerateFileSystemEntries(DescriptorDirectory))
        {
            if (TargetOf(link) is { } target)
                yield return new OpenDescriptor(Path.GetFileName(link), target);
        }
    }

    // "Num RefCount Protocol Flags Type St Inode Path"; a socket that was accepted bears the listener's path.
    private static IEnumerable<string> BoundSockets() => File.Exists(SocketTable)
        ? File.ReadLines(SocketTable).Select(line => line.IndexOf('/', StringComparison.Ordinal) is var start and >= 0 ? line[start..] : "")
        : [];

    private static string? TargetOf(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Closed meanwhile: among them the one by which the directory is listed.
            return null;
        }
    }
}
