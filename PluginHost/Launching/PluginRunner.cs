using Plugwire.Hosting.Failures;
using Plugwire.Wire.Transports;
using Plugwire.Wire.Transports.UnixSockets;

namespace Plugwire.Hosting.Launching;

/// <summary>
/// Where a plugin runs and how the host gets at it: here in a process of its own, reached over a Unix domain socket. A derived class runs it elsewhere; all that a
/// host does with a plugin stays the same.
/// </summary>
internal class PluginRunner
{
    public static PluginRunner OwnProcess { get; } = new();

    /// <summary>What is started for the file name in the options.</summary>
    /// <exception cref="PluginStartException">There is no such program, it is no file, or what runs it is missing.</exception>
    public virtual PluginCommand Resolve(string fileName, IReadOnlyList<string> arguments, PluginStartAttempt attempt) =>
        PluginCommand.Resolve(fileName, arguments, AppContext.BaseDirectory, attempt);

    /// <exception cref="PluginStartException">The plugin did not come to life.</exception>
    public virtual Task<ChildProcess> StartAsync(ChildStart start, PluginStartAttempt attempt) => ChildProcess.StartAsync(start, attempt);

    /// <summary>What is wrong with the address that the plugin's handshake names; null when the host may dial it.</summary>
    public virtual string? RefuseAddress(string address, LaunchDirectory directory) => directory.FindViolation(address);

    /// <summary>Dials the address that the plugin's handshake names.</summary>
    /// <exception cref="ArgumentException">It can be no address.</exception>
    /// <exception cref="IOException">Nobody can be reached there.</exception>
    public virtual Task<TransportConnection> ConnectAsync(string address, TimeProvider timeProvider, CancellationToken cancellationToken) =>
        UnixSocketConnector.ConnectAsync(address, timeProvider, cancellationToken);
}
