using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Launching.Litter;
using Plugwire.Hosting.Launching.Posix;
using Plugwire.Wire.Launching;

namespace Plugwire.Hosting.Launching;

/// <summary>
/// The directory of one launch: fresh, for nobody but the user, and with a short name, as a socket's path is short. The plugin makes its sockets and temporary
/// files in it; with the launch it goes. When the host dies before that, another host removes it: the lock on it is free then.
/// </summary>
internal sealed partial class LaunchDirectory : IAsyncDisposable
{
    /// <summary>Of the settings, in the directory.</summary>
    public const string SettingsFileName = "settings.json";

    // What a socket's address takes on Linux; macOS takes 103.
    private const int LongestSocketPath = 107;
    private const int LongestSocketPathOnMac = 103;

    // Room for the longest name that is made there: a .NET plugin's diagnostic endpoint, dotnet-diagnostic-<pid>-<key>-socket.
    private const int LongestSocketName = 46;
    private const int MostAttempts = 16;

    // For a file system that hangs, and for a machine so busy that the removal has yet to begin.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private const string NameAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private const int NameLength = 8;

    private readonly ILogger _logger;
    private readonly DirectoryLock? _lock;
    private int _disposed;

    private LaunchDirectory(string path, DirectoryLock? held, ILogger logger)
    {
        Path = path;
        _lock = held;
        _logger = logger;
    }

    /// <summary>Absolute.</summary>
    public string Path { get; }

    /// <param name="baseDirectory">Where to make it; null for the user's runtime directory (XDG_RUNTIME_DIR) or else the directory for temporary files.</param>
    /// <param name="attempt">Who fails.</param>
    /// <param name="logger">Where it is said that the directory could not be removed.</param>
    /// <param name="variable">The host's environment; null for the real one.</param>
    /// <exception cref="PluginStartException">It could not be made, or its path is too long.</exception>
    public static LaunchDirectory Create(string? baseDirectory, PluginStartAttempt attempt, ILogger logger, Func<string, string?>? variable = null)
    {
        var parent = System.IO.Path.GetFullPath(baseDirectory ?? LaunchBaseDirectory.Find(RoomFor, variable ?? Environment.GetEnvironmentVariable));
        if (!RoomFor(parent))
            throw TooLong(parent, attempt);

        try
        {
            for (var i = 0; i < MostAttempts; i++)
            {
                var path = System.IO.Path.Combine(parent, DeadLaunches.NamePrefix + RandomNumberGenerator.GetString(NameAlphabet, NameLength));
                if (TryMake(path) && TryOwn(path, logger) is { } directory)
                {
                    LitterSweep.Begin(parent, logger);
                    return directory;
                }
            }
        }
        catch (PosixException full) when (full.Error is Errno.TooManyOpenFiles or Errno.TooManyOpenFilesInSystem)
        {
            throw attempt.Fail(
                PluginStartStage.LaunchDirectory, PluginStartReason.TooManyOpenFiles, "the host or the system has no file descriptor left; a plugin takes seven at its start.",
                advice: "Close what the host does not need, or raise its limit (ulimit -n, LimitNOFILE=).", innerException: full);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unusable(parent, failure, attempt);
        }

        throw attempt.Fail(
            PluginStartStage.LaunchDirectory, PluginStartReason.LaunchDirectoryUnusable, $"{MostAttempts} random names in '{parent}' were all taken.",
            advice: "See who fills that directory.");
    }

    /// <summary>The variables that tell the plugin to stay in here.</summary>
    public void AddVariables(IDictionary<string, string> variables)
    {
        variables["TMPDIR"] = Path;
        variables[LaunchVariables.SocketDirectory] = Path;
        if (OperatingSystem.IsWindows())
            variables["TEMP"] = variables["TMP"] = Path;
    }

    /// <summary>Writes the plugin's settings for the plugin alone.</summary>
    /// <returns>The file's path.</returns>
    /// <exception cref="PluginStartException">It could not be written.</exception>
    public async Task<string> WriteSettingsAsync(ReadOnlyMemory<byte> utf8Json, PluginStartAttempt attempt, CancellationToken cancellationToken)
    {
        var path = System.IO.Path.Combine(Path, SettingsFileName);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        try
        {
            var file = new FileStream(path, options);
            await using (file.ConfigureAwait(false))
                await file.WriteAsync(utf8Json, cancellationToken).ConfigureAwait(false);
            return path;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw attempt.Fail(
                PluginStartStage.LaunchDirectory, PluginStartReason.LaunchDirectoryUnusable, $"the settings file '{path}' could not be written: {failure.Message}",
                innerException: failure);
        }
    }

    /// <summary>Whether an address that the plugin named is its own socket in this directory. A plugin must not make the host dial somebody else's.</summary>
    /// <param name="address">As the handshake line has it.</param>
    /// <returns>Null when it is; else what is wrong with it, as a sentence.</returns>
    public string? FindViolation(string address) => LaunchAddress.FindViolation(address, Path);

    /// <summary>How long its removal may take. A plugin may leave a million files.</summary>
    public TimeSpan RemovalBudget { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Removes the directory with all that is in it, and returns within <see cref="RemovalBudget"/> and a second more: what is not removed by then, because there is so much of it, is removed in the
    /// background, and by the next host if this one ends before. What cannot be removed is said in the log.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;

        try
        {
            // On another thread, because a file system may hang. Whenever it comes back, the removal ends by itself; until then the directory is locked.
            await Task.Run(End).WaitAsync(RemovalBudget + Patience, TimeProvider.System).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Log.RemovalHangs(_logger, Path, RemovalBudget + Patience);
        }
    }

    // Never throws.
    private void End()
    {
        // Small directories are removed without a look at the clock: a busy machine must not make litter of them.
        const int FilesBetweenLooks = 256;
        var began = TimeProvider.System.GetTimestamp();
        var (files, isSpent) = (0, false);
        Remove(() => !(isSpent |= ++files % FilesBetweenLooks == 0 && TimeProvider.System.GetElapsedTime(began) >= RemovalBudget));
        if (isSpent && _lock is not null)
            LeaveToSweep();
        _lock?.Dispose();
        if (isSpent)
            LitterSweep.Begin(System.IO.Path.GetDirectoryName(Path)!, _logger, always: true);
    }

    private void LeaveToSweep()
    {
        try
        {
            DeadLaunches.Mark(Path);
            Log.RemovedLater(_logger, Path, RemovalBudget);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Log.NotRemoved(_logger, failure, Path);
        }
    }

    private void Remove(Func<bool> mayGoOn)
    {
        PosixTree.RemoveContents(Path, mayGoOn);
        for (var i = 1; ; i++)
        {
            if (!mayGoOn())
                return;

            try
            {
                Directory.Delete(Path, recursive: true);
                return;
            }
            catch (DirectoryNotFoundException) when (!Directory.Exists(Path))
            {
                return;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // A last file of a dying plugin came between, the plugin closed a directory of its own, or a name in it is no text.
                if (i == MostAttempts)
                {
                    Log.NotRemoved(_logger, failure, Path);
                    return;
                }

                OpenDirectories(Path);
                PosixTree.RemoveContents(Path, mayGoOn);
            }
        }
    }

    private static bool TryMake(string path)
    {
        if (!OperatingSystem.IsWindows())
            return PosixFile.TryMakePrivateDirectory(path);
        if (Directory.Exists(path))
            return false;

        Directory.CreateDirectory(path);
        return true;
    }

    /// <summary>Null when a host that sweeps was quicker, and takes the directory, which is empty yet, for that of a dead one.</summary>
    private static LaunchDirectory? TryOwn(string path, ILogger logger)
    {
        DirectoryLock? held = null;
        try
        {
            if (DirectoryLock.TryTake(path, out held) is DirectoryLockOutcome.HeldByAnother or DirectoryLockOutcome.Gone)
                return null;

            if (held is not null)
                DeadLaunches.Mark(path);
            return new LaunchDirectory(path, held, logger);
        }
        catch
        {
            Directory.Delete(path, recursive: true);
            held?.Dispose();
            throw;
        }
    }

    private static bool RoomFor(string parent) =>
        Encoding.UTF8.GetByteCount(parent) + 1 + DeadLaunches.NamePrefix.Length + NameLength + 1 + LongestSocketName
            <= (OperatingSystem.IsMacOS() ? LongestSocketPathOnMac : LongestSocketPath);

    private static void OpenDirectories(string path)
    {
        if (OperatingSystem.IsWindows())
            return;

        try
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            foreach (var directory in new DirectoryInfo(path).EnumerateDirectories())
            {
                if (directory.LinkTarget is null)
                    OpenDirectories(directory.FullName);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The next attempt to remove it fails for the same reason, and the last one says it.
        }
    }

    private static PluginStartException TooLong(string parent, PluginStartAttempt attempt) => attempt.Fail(
        PluginStartStage.LaunchDirectory, PluginStartReason.LaunchDirectoryUnusable,
        $"the path '{parent}' is {Encoding.UTF8.GetByteCount(parent)} bytes long, and the path of a socket below it would pass the system's limit.",
        $"a directory whose path is at most {(OperatingSystem.IsMacOS() ? LongestSocketPathOnMac : LongestSocketPath) - 1 - DeadLaunches.NamePrefix.Length - NameLength - 1 - LongestSocketName} bytes long.",
        "Name a shorter one in the options.");

    private static PluginStartException Unusable(string parent, Exception failure, PluginStartAttempt attempt) => attempt.Fail(
        PluginStartStage.LaunchDirectory, PluginStartReason.LaunchDirectoryUnusable,
        Directory.Exists(parent) ? $"no directory could be made in '{parent}': {failure.Message}"
            : File.Exists(parent) ? $"'{parent}' is a file."
            : $"there is no directory '{parent}'.",
        "a directory in which the host may make another.", "Name another base directory in the options.", failure);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The launch directory {Path} could not be removed.")]
        public static partial void NotRemoved(ILogger logger, Exception failure, string path);

        [LoggerMessage(2, LogLevel.Information, "The launch directory {Path} has more in it than could be removed within {Budget}. The rest is removed in the background.")]
        public static partial void RemovedLater(ILogger logger, string path, TimeSpan budget);

        [LoggerMessage(3, LogLevel.Warning, "The launch directory {Path} is not removed yet after {Budget}: its file system hangs, or has much to do.")]
        public static partial void RemovalHangs(ILogger logger, string path, TimeSpan budget);
    }
}
