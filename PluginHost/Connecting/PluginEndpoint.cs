using System.Globalization;
using Microsoft.Extensions.Logging;
using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Launching;
using Plugwire.Wire.Transports;

namespace Plugwire.Hosting.Connecting;

/// <summary>Where a plugin listens, and whose process must listen there.</summary>
/// <param name="runner">How it is dialled.</param>
/// <param name="address">As the handshake names it.</param>
/// <param name="processId">The process that was started.</param>
/// <param name="timeProvider">The clock of the waits in between.</param>
/// <param name="logger">Told of peers that are refused, or whose process could not be placed.</param>
internal sealed partial class PluginEndpoint(PluginRunner runner, string address, int processId, TimeProvider timeProvider, ILogger logger)
{
    /// <summary>Connects. Who listens has been looked at before the first byte is written.</summary>
    /// <exception cref="ArgumentException">It can be no address.</exception>
    /// <exception cref="PeerRefusedException">Somebody else listens there.</exception>
    /// <exception cref="IOException">Nobody can be reached there.</exception>
    public async Task<TransportConnection> DialAsync(CancellationToken cancellationToken)
    {
        try
        {
            var transport = await runner.ConnectAsync(address, timeProvider, cancellationToken).ConfigureAwait(false);
            try
            {
                RequireOfTheLaunch(transport.Peer);
                return transport;
            }
            catch
            {
                await transport.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
        catch (PeerRefusedException refusal)
        {
            Log.Refused(logger, PrintableText.Of(refusal.Message));
            throw;
        }
    }

    private void RequireOfTheLaunch(PeerProcess? peer)
    {
        // A transport without processes at its ends; one over sockets has refused a peer that it was not told of.
        if (peer is not { } listener)
            return;

        switch (LaunchMembership.Includes(listener.ProcessId, processId))
        {
            case false:
                throw new PeerRefusedException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The connection to the socket '{PrintableText.Of(address)}' is closed before a word was said: {(listener.ProcessId > 0 ? $"process {listener.ProcessId}" : "a process that cannot be seen from here")} listens there, which is neither the process {processId} that was started, nor in its group, nor one of its descendants."));
            case null:
                Log.NotPlaced(logger, listener.ProcessId, PrintableText.Of(address), listener.UserId);
                break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(13, LogLevel.Warning, "{Refusal}")]
        public static partial void Refused(ILogger logger, string refusal);

        [LoggerMessage(14, LogLevel.Debug, "Whether process {ProcessId}, which listens at {Address}, descends from the plugin's cannot be told on this system. It is taken for the plugin, as its user is {UserId}.")]
        public static partial void NotPlaced(ILogger logger, int processId, string address, uint userId);
    }
}
