using Plugwire.Wire.Launching;

namespace Plugwire.Launching;

/// <summary>
/// The directory that a Plugwire host made for this launch alone. The host removes it; when the host has died, the plugin does.
/// </summary>
internal sealed class LaunchDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _path;

    private LaunchDirectory(string path) => _path = path;

    /// <summary>
    /// The launch directory, or null when the variables do not name one beyond doubt: it is going to be removed with all that is
    /// in it, so it must be both the socket and the temporary directory, which a Plugwire host makes it, and nobody's home.
    /// </summary>
    public static LaunchDirectory? Find(Func<string, string?> variable)
    {
        var path = variable(LaunchVariables.SocketDirectory);
        if (OperatingSystem.IsWindows() || string.IsNullOrEmpty(path) || !Path.IsPathFullyQualified(path))
            return null;

        var trimmed = Path.TrimEndingDirectorySeparator(path);
        return string.Equals(trimmed, Path.TrimEndingDirectorySeparator(variable("TMPDIR") ?? ""), StringComparison.Ordinal)
            && !string.Equals(trimmed, Path.TrimEndingDirectorySeparator(variable("HOME") ?? ""), StringComparison.Ordinal)
            ? new LaunchDirectory(trimmed)
            : null;
    }

    public void Remove()
    {
        try
        {
            var directory = new DirectoryInfo(_path);
            if (directory.Exists && directory.LinkTarget is null && directory.UnixFileMode == OwnerOnly)
                directory.Delete(recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The host is dead and the process is about to end: there is nobody to tell.
        }
    }
}
