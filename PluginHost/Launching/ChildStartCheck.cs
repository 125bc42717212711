using Plugwire.Hosting.Failures;

namespace Plugwire.Hosting.Launching;

/// <summary>What no system can start, said before it is tried: a C string ends at its first NUL, so the child would silently get something else.</summary>
internal static class ChildStartCheck
{
    public static void ThrowIfUnusable(ChildStart start, PluginStartAttempt attempt)
    {
        if (!Path.IsPathFullyQualified(start.FileName))
            throw Refuse(attempt, $"the program '{start.FileName}' is no absolute path.");
        if (start.FileName.Contains('\0'))
            throw Refuse(attempt, "the program's path has a NUL character in it.");
        for (var i = 0; i < start.Arguments.Count; i++)
        {
            if (start.Arguments[i].Contains('\0'))
                throw Refuse(attempt, $"argument {i + 1} has a NUL character in it.");
        }

        if (start.WorkingDirectory is { } directory)
        {
            if (!Path.IsPathFullyQualified(directory) || directory.Contains('\0'))
                throw Refuse(attempt, $"the working directory '{directory}' is no absolute path.");
            if (!Directory.Exists(directory))
                throw SpawnFailure.WorkingDirectoryMissing(directory, attempt, innerException: null);
        }
    }

    private static PluginStartException Refuse(PluginStartAttempt attempt, string found) =>
        attempt.Fail(PluginStartStage.Spawn, PluginStartReason.InvalidOptions, found);
}
