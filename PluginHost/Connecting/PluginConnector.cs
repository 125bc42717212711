using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Launching;
using Plugwire.Wire.Rpc.Client;

namespace Plugwire.Hosting.Connecting;

/// <summary>Connects to the address that a plugin has named.</summary>
internal static class PluginConnector
{
    /// <exception cref="PluginStartException">The socket does not answer, or not in HTTP/2.</exception>
    public static async Task<PluginConnections> ConnectAsync(
        PluginRunner runner, string address, RpcClientOptions controlOptions, RpcClientOptions callOptions, PluginStartAttempt attempt, CancellationToken cancellationToken)
    {
        try
        {
            var control = await ConnectOneAsync(runner, address, controlOptions, cancellationToken).ConfigureAwait(false);
            try
            {
                return new PluginConnections(control, await ConnectOneAsync(runner, address, callOptions, cancellationToken).ConfigureAwait(false));
            }
            catch
            {
                await control.DisposeAsync().ConfigureAwait(false);
                throw;
            }
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

    private static async Task<RpcClientConnection> ConnectOneAsync(PluginRunner runner, string address, RpcClientOptions options, CancellationToken cancellationToken)
    {
        var transport = await runner.ConnectAsync(address, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        return await RpcClientConnection.ConnectAsync(transport, options, cancellationToken).ConfigureAwait(false);
    }
}
