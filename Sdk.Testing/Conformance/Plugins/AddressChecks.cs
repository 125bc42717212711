using Plugwire.Hosting.Launching;
using Plugwire.Testing.Conformance.Running;
using Plugwire.Wire.Launching;
using static Plugwire.Testing.ConformanceLevel;

namespace Plugwire.Testing.Conformance.Plugins;

/// <summary>Where the plugin's socket lies.</summary>
internal static class AddressChecks
{
    private const UnixFileMode OthersEnter = UnixFileMode.OtherExecute;
    private const UnixFileMode OthersConnect = UnixFileMode.OtherWrite;

    public static IReadOnlyList<ConformanceCheck<PluginSubject>> All { get; } =
    [
        PluginCheck.Of(
            new("address.socket", "The address is a socket", "The address in the line is the absolute path of a Unix domain socket that is there, and belongs to the plugin's user.", ConformanceSource.GoPlugin, Must),
            async (process, token) =>
            {
                var address = (await process.HandshakeAsync(token).ConfigureAwait(false)).Address;
                var directory = Path.GetDirectoryName(address);
                if (!Path.IsPathFullyQualified(address) || string.IsNullOrEmpty(directory))
                    throw process.Failure($"The address '{SubjectProcess.Shown(address)}' is no absolute path.");
                if (LaunchAddress.FindViolation(address, directory) is { } violation)
                    throw process.Failure($"The address in the handshake is not the plugin's socket: {violation}");
            }),
        PluginCheck.Of(
            new("address.directory", "The socket lies where the host wants it", "A plugin makes its socket in the directory that PLUGIN_UNIX_SOCKET_DIR names.", ConformanceSource.GoPlugin, Must),
            async (process, token) =>
            {
                var address = (await process.HandshakeAsync(token).ConfigureAwait(false)).Address;
                if (LaunchAddress.FindViolation(address, process.DirectoryPath) is { } violation)
                    throw process.Failure($"The host wants the plugin's socket in its launch directory ({LaunchVariables.SocketDirectory}), and {violation}");
            }),
        PluginCheck.Of(
            new("address.private", "Nobody else can connect", "A socket that the plugin places by itself cannot be connected to by other users: by its own mode, or by that of a directory above it.", ConformanceSource.Plugwire, Should),
            IsPrivateAsync,
            new SubjectLaunch { Variables = new Dictionary<string, string?> { [LaunchVariables.SocketDirectory] = null } }),
    ];

    private static async Task IsPrivateAsync(SubjectProcess process, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
            throw new CaseSkippedException("Who may connect is not seen on Windows.");

        var address = (await process.HandshakeAsync(cancellationToken).ConfigureAwait(false)).Address;
        if (!Path.IsPathFullyQualified(address))
            throw process.Failure($"The address '{SubjectProcess.Shown(address)}' is no absolute path.");
        if (!File.Exists(address))
            throw process.Failure($"There is no socket '{SubjectProcess.Shown(address)}'.");
        if ((File.GetUnixFileMode(address) & OthersConnect) == 0)
            return;

        // The launch directory is the host's, and closed to others by the host; what the plugin made is below it.
        for (var directory = Path.GetDirectoryName(address); directory is not null && directory != process.DirectoryPath; directory = Path.GetDirectoryName(directory))
        {
            if ((File.GetUnixFileMode(directory) & OthersEnter) == 0)
                return;
        }

        throw process.Failure($"The socket '{SubjectProcess.Shown(address)}' has the mode {File.GetUnixFileMode(address)}, and no directory that the plugin made above it keeps others out.");
    }
}
