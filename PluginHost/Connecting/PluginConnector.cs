using Plugwire.Hosting.Failures;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Transports;

namespace Plugwire.Hosting.Connecting;

/// <summary>Connects to the address that a plugin has named.</summary>
internal static class PluginConnector
{
    /// <exception cref="PluginStartException">The socket does not answer, or not in HTTP/2, or somebody else listens on it.</exception>
    public static async Task<PluginConnections> ConnectAsync(
        PluginEndpoint endpoint, RpcClientOptions controlOptions, RpcClientOptions callOptions, PluginStartAttempt attempt, CancellationToken cancellationToken)
    {
        try
        {
            var control = await ConnectOneAsync(endpoint, controlOptions, cancellationToken).ConfigureAwait(false);
            try
            {
                return new PluginConnections(control, await ConnectOneAsync(endpoint, callOptions, cancellationToken).ConfigureAwait(false));
            }
            catch
            {
                await control.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
        catch (PeerRefusedException failure)
        {
            throw attempt.Fail(
                PluginStartStage.Connect,
                PluginStartReason.AddressRefused,
                failure.Message,
                "a process of the plugin's own, of this user, on the socket that the handshake names.",
                "What starts the plugin must stay its parent or in its process group, and keep the user: a service manager or a container engine that runs it elsewhere does not.",
                failure);
        }
        catch (IOException failure)
        {
            throw attempt.Fail(
                PluginStartStage.Connect,
                PluginStartReason.ConnectFailed,
                failure.Message,
                "a gRPC server on the socket that the handshake names.",
                "A plugin prints its handshake only when it listens, and listens as long as it runs.",
                failure);
        }
        catch (ArgumentException failure)
        {
            throw attempt.Fail(PluginStartStage.Connect, PluginStartReason.AddressRefused, failure.Message, innerException: failure);
        }
    }

    private static async Task<RpcClientConnection> ConnectOneAsync(PluginEndpoint endpoint, RpcClientOptions options, CancellationToken cancellationToken)
    {
        var transport = await endpoint.DialAsync(cancellationToken).ConfigureAwait(false);
        return await RpcClientConnection.ConnectAsync(transport, options, cancellationToken).ConfigureAwait(false);
    }
}
