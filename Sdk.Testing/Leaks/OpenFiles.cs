namespace Plugwire.Testing.Leaks;

/// <summary>The open files and bound sockets below a directory, as Linux shows them; nothing elsewhere.</summary>
internal static class OpenFiles
{
    private const string DescriptorDirectory = "/proc/self/fd";
    private const string SocketTable = "/proc/net/unix";

    /// <summary>A sentence for each.</summary>
    public static IEnumerable<string> Below(string directory)
    {
        if (!OperatingSystem.IsLinux())
            return [];

        var prefix = directory + Path.DirectorySeparatorChar;
        return Descriptors()
            .Where(descriptor => descriptor.Target.StartsWith(prefix, StringComparison.Ordinal))
            .Select(descriptor => $"the file '{descriptor.Target}' is still open in the test's process (descriptor {descriptor.Number}).")
            .Concat(BoundSockets().Where(path => path.StartsWith(prefix, StringComparison.Ordinal)).Select(path => $"the socket '{path}' is still bound."));
    }

    /// <summary>What this process has open: numbers, and what each is.</summary>
    public static IEnumerable<(string Number, string Target)> Descriptors()
    {
        foreach (var link in Directory.EnumerateFileSystemEntries(DescriptorDirectory))
        {
            if (TargetOf(link) is { } target)
                yield return (Path.GetFileName(link), target);
        }
    }

    // "Num RefCount Protocol Flags Type St Inode Path"; a socket that was accepted bears the listener's path.
    private static IEnumerable<string> BoundSockets() =>
        File.ReadLines(SocketTable).Select(line => line.IndexOf('/', StringComparison.Ordinal) is var start and >= 0 ? line[start..] : "");

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
