using System.Globalization;
using Plugwire.Wire.Launching;

namespace Plugwire.Launching;

/// <summary>Where the plugin's socket lies and who may use it.</summary>
internal sealed class SocketPlacement
{
    private const UnixFileMode GroupMayEnter =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    private const UnixFileMode GroupMayConnect =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    private readonly string? _ownDirectory;
    private readonly string? _group;

    private SocketPlacement(string path, string? ownDirectory, string? group)
    {
        Path = path;
        _ownDirectory = ownDirectory;
        _group = group;
    }

    /// <summary>The socket's path. Nothing is there yet.</summary>
    public string Path { get; }

    /// <summary>
    /// A path in the directory that the host named; without one, in a fresh directory of the plugin's own that only its user may
    /// enter, in the directory for temporary files.
    /// </summary>
    /// <exception cref="LaunchRefusedException">The host named a directory that is not there, or none can be made.</exception>
    public static SocketPlacement Choose(Func<string, string?> variable)
    {
        var group = variable(LaunchVariables.SocketGroup) is { Length: > 0 } name ? name : null;
        var directory = variable(LaunchVariables.SocketDirectory);
        string? own = null;
        if (string.IsNullOrEmpty(directory))
        {
            try
            {
                directory = own = Directory.CreateTempSubdirectory("plugwire-").FullName;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new LaunchRefusedException(
                    $"The plugin could not make a directory for its socket in {System.IO.Path.GetTempPath()}. {failure.Message} " +
                    "Let TMPDIR name a directory that the plugin may write to.", failure);
            }
        }
        else if (!Directory.Exists(directory))
        {
            throw new LaunchRefusedException(
                $"The host wants the plugin's socket in {directory} ({LaunchVariables.SocketDirectory}), and there is no such directory.");
        }

        // Not a secret, since the directory is guarded; only different from the sockets of others in the same directory.
        var number = Random.Shared.Next(100_000_000, 1_000_000_000).ToString(CultureInfo.InvariantCulture);
        return new SocketPlacement(System.IO.Path.Combine(directory, "plugin" + number), own, group);
    }

    /// <summary>Lets the group that the host named use the socket, which is bound by now.</summary>
    /// <returns>Whether it named one: then who may connect is a matter of the socket's mode.</returns>
    /// <exception cref="LaunchRefusedException">There is no such group, or the plugin may not give its socket to it.</exception>
    public bool TryGiveToGroup()
    {
        if (_group is null || OperatingSystem.IsWindows())
            return false;

        var id = SocketGroup.Find(_group);
        if (_ownDirectory is not null)
        {
            SocketGroup.Give(_ownDirectory, id, _group);
            File.SetUnixFileMode(_ownDirectory, GroupMayEnter);
        }

        SocketGroup.Give(Path, id, _group);
        File.SetUnixFileMode(Path, GroupMayConnect);
        return true;
    }

    /// <summary>Removes the socket, if the listener has not, and the directory, if it is the plugin's own. May be called again.</summary>
    public void Remove()
    {
        try
        {
            File.Delete(Path);
            if (_ownDirectory is not null && Directory.Exists(_ownDirectory))
                Directory.Delete(_ownDirectory, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Another's removal of the same files came first, or the system took the right away; a stop does not fail over it.
        }
    }
}
