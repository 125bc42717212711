using Plugwire.Hosting.Launching.Posix;

namespace Plugwire.Hosting.Launching;

/// <summary>Where launch directories are made when the options do not say.</summary>
internal static class LaunchBaseDirectory
{
    private const UnixFileMode OthersMode =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>The user's runtime directory when it is really the user's alone, else the one for temporary files, else /tmp where that one's path is too long.</summary>
    public static string Find(Func<string, bool> hasRoom, Func<string, string?> variable)
    {
        if (!OperatingSystem.IsWindows() && variable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime && IsOurs(runtime) && hasRoom(runtime))
            return runtime;

        var temporary = Path.TrimEndingDirectorySeparator(Path.GetTempPath());
        return hasRoom(temporary) || OperatingSystem.IsWindows() ? temporary : "/tmp";
    }

    // After `su` or in a container the variable may well name a directory of somebody else, or none. Mode 0700 and open to us means ours, or that we are root.
    private static bool IsOurs(string directory)
    {
        if (OperatingSystem.IsWindows() || !Path.IsPathFullyQualified(directory) || !Directory.Exists(directory))
            return false;

        const int MayReadWriteAndEnter = 7;
        return (File.GetUnixFileMode(directory) & OthersMode) == 0
            && LibC.Access(directory, MayReadWriteAndEnter) == 0
            && (!OperatingSystem.IsLinux() || PosixFile.Inspect(directory).UserId == LibC.EffectiveUserId());
    }
}
