using Plugwire.Hosting.Failures;

namespace Plugwire.Hosting.Launching;

/// <summary>The refusals of a file that cannot be a program, whatever is in it.</summary>
internal static class ProgramFile
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Null when there is a file that is marked as executable.</summary>
    public static PluginStartException? TryRefuse(string path, PluginStartStage stage, PluginStartAttempt attempt, Exception? innerException = null)
    {
        if (TryRefuseAsFile(path, stage, attempt, innerException) is { } refusal)
            return refusal;
        if (IsExecutable(path))
            return null;

        return attempt.Fail(
            stage, PluginStartReason.NotExecutable, $"'{path}' is there, but not marked as executable.", "a file that may be executed.",
            $"Mark it: chmod +x '{path}'.", innerException);
    }

    /// <summary>Null when there is a file; whether it is executable is not asked, as of what another program runs.</summary>
    public static PluginStartException? TryRefuseAsFile(string path, PluginStartStage stage, PluginStartAttempt attempt, Exception? innerException = null)
    {
        if (Directory.Exists(path))
        {
            return attempt.Fail(
                stage, PluginStartReason.IsDirectory, $"'{path}' is a directory.", "the plugin's program.",
                "Name the program in that directory.", innerException);
        }

        var link = TryReadLink(path);
        if (File.Exists(path) && (link is null || HasTarget(path)))
            return null;

        return attempt.Fail(
            stage, PluginStartReason.NotFound, link is null ? $"there is no file '{path}'." : $"'{path}' is a link to '{link}', which is not there.",
            "the plugin's program.", "Correct the path in the plugin's options, or install the plugin.", innerException);
    }

    public static bool IsExecutable(string path)
    {
        if (OperatingSystem.IsWindows())
            return true;

        try
        {
            return (File.GetUnixFileMode(path) & AnyExecute) != 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Gone or hidden meanwhile: the start itself will say so.
            return true;
        }
    }

    private static string? TryReadLink(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // A link is there for .NET also when what it points to is not.
    private static bool HasTarget(string path)
    {
        try
        {
            return new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true) is { Exists: true };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
