using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Launching.Posix;

namespace Plugwire.Hosting.Launching;

/// <summary>Which addresses a host dials: sockets of this user in the launch's own directory. Links and <c>..</c> are followed before it is judged.</summary>
internal static class LaunchAddress
{
    /// <returns>Null when the address is the launch's own; else what is wrong with it, as a sentence.</returns>
    public static string? FindViolation(string address, string launchDirectory)
    {
        if (address.Length == 0 || address.Contains('\0') || !Path.IsPathFullyQualified(address))
            return $"the address '{PrintableText.Of(address)}' is no absolute path.";
        if (OperatingSystem.IsWindows())
            return IsBelow(Path.GetFullPath(address), launchDirectory) ? null : Outside(address, launchDirectory);

        var parent = Path.GetDirectoryName(address);
        var realParent = parent is null ? null : PosixFile.RealPath(parent);
        var realHome = PosixFile.RealPath(launchDirectory);
        if (realParent is null || realHome is null || !IsBelow(realParent, realHome))
            return Outside(address, launchDirectory);

        return OperatingSystem.IsLinux() ? FindViolationOfSocket(Path.Combine(realParent, Path.GetFileName(address))) : null;
    }

    private static string? FindViolationOfSocket(string path)
    {
        try
        {
            var found = PosixFile.Inspect(path);
            return !found.IsSocket ? $"'{PrintableText.Of(path)}' is no socket."
                : found.UserId != LibC.EffectiveUserId() ? $"the socket '{PrintableText.Of(path)}' belongs to user {found.UserId}, not to this one."
                : null;
        }
        catch (PosixException failure)
        {
            return failure.Error == Errno.NotFound ? $"there is no socket '{PrintableText.Of(path)}'." : $"'{PrintableText.Of(path)}' cannot be looked at: {failure.Message}";
        }
    }

    private static bool IsBelow(string path, string directory)
    {
        var comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return path.Equals(directory, comparison) || path.StartsWith(directory + Path.DirectorySeparatorChar, comparison);
    }

    private static string Outside(string address, string launchDirectory) =>
        $"the address '{PrintableText.Of(address)}' is not in the plugin's launch directory '{launchDirectory}'.";
}
