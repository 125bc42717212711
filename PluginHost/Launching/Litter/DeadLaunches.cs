using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Plugwire.Hosting.Launching.Posix;

namespace Plugwire.Hosting.Launching.Litter;

/// <summary>
/// Launch directories whose host has died without removing them: killed, or lost with the machine's power. Their locks are free. Of two that race for one directory, a
/// host that has just made it and one that sweeps, the one with the lock has it, and the other takes a new name or leaves it alone.
/// </summary>
internal static partial class DeadLaunches
{
    /// <summary>The beginning of every launch directory's name.</summary>
    public const string NamePrefix = "pw-";

    /// <summary>A file by which a launch directory is told from one that has such a name by chance: nothing else is ever removed.</summary>
    public const string MarkName = ".plugwire";

    private const string MarkText = "The directory of one launch of a plugin. Its host holds a lock on it; once that is free, the next host removes it.\n";

    /// <summary>Marks a directory as that of a launch. Its lock is held already.</summary>
    /// <exception cref="IOException">It cannot be written to.</exception>
    public static void Mark(string directory) => File.WriteAllText(Path.Combine(directory, MarkName), MarkText);

    /// <summary>Removes those below one root. What cannot be removed stays for the next sweep.</summary>
    /// <param name="root">The directory in which launch directories are made; that of temporary files, as a rule, with anything else in it.</param>
    /// <param name="mayGoOn">Asked before each file.</param>
    /// <param name="logger">Told of what was removed.</param>
    public static void Sweep(string root, Func<bool> mayGoOn, ILogger logger)
    {
        try
        {
            foreach (var path in Directory.EnumerateDirectories(root, NamePrefix + "*"))
            {
                if (!mayGoOn())
                    return;
                if (LaunchName().IsMatch(Path.GetFileName(path)))
                    Remove(path, mayGoOn, logger);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Log.NotSwept(logger, failure, root);
        }
    }

    [GeneratedRegex("^pw-[a-z2-7]{8}$")]
    private static partial Regex LaunchName();

    private static void Remove(string path, Func<bool> mayGoOn, ILogger logger)
    {
        try
        {
            if (!IsOurs(path) || DirectoryLock.TryTake(path, out var held) != DirectoryLockOutcome.Taken)
                return;

            using (held)
            {
                var isMarked = File.Exists(Path.Combine(path, MarkName));
                if (isMarked)
                    PosixTree.RemoveContents(path, mayGoOn);

                // Without a mark only what is empty goes: of a host that was killed before it could mark it.
                if (!Directory.EnumerateFileSystemEntries(path).Any())
                {
                    Directory.Delete(path);
                    Log.Removed(logger, path);
                }
                else if (isMarked)
                {
                    // For the next sweep; the mark may have gone before the rest.
                    Mark(path);
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Log.NotRemoved(logger, failure, path);
        }
    }

    // In a directory for all, others may have put something of that name there.
    private static bool IsOurs(string path) =>
        OperatingSystem.IsLinux() && PosixFile.Inspect(path) is { IsDirectory: true } found && found.UserId == LibC.EffectiveUserId();

    private static partial class Log
    {
        [LoggerMessage(70, LogLevel.Information, "The launch directory {Path}, which a host that has died left behind, or one that had no time for all of it, is removed.")]
        public static partial void Removed(ILogger logger, string path);

        [LoggerMessage(71, LogLevel.Debug, "The launch directory {Path} of a host that has died could not be removed.")]
        public static partial void NotRemoved(ILogger logger, Exception failure, string path);

        [LoggerMessage(72, LogLevel.Debug, "The launch directories of dead hosts in {Root} could not be looked for.")]
        public static partial void NotSwept(ILogger logger, Exception failure, string root);
    }
}
