using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Offering;
using Plugwire.Wire.Launching;
using Plugwire.Wire.Rpc.Server;
using Plugwire.Wire.Services.Control;
using Plugwire.Wire.Transports;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Plugwire.Hosting.Connecting;

/// <summary>Opens the connection on which a plugin calls its host: the host dials it like the others, and then the roles are swapped.</summary>
internal static partial class HostConnector
{
    private const string Expected = "an HTTP/2 client on the connection for calls back into the host.";

    /// <summary>The connection, which the caller owns; null when the plugin knows no such connection.</summary>
    /// <exception cref="PluginStartException">The plugin refuses it, or does not speak HTTP/2 on it.</exception>
    public static async Task<RpcServerConnection?> ConnectAsync(
        PluginEndpoint endpoint, CallInvoker control, IReadOnlyCollection<HostContract> contracts, RpcServerOptions options, PluginStartAttempt attempt, CancellationToken cancellationToken)
    {
        var methods = new RpcMethods();
        foreach (var contract in contracts)
            contract.Bind(methods);
        if (await AnnounceAsync(control, contracts, attempt, cancellationToken).ConfigureAwait(false) is not { } token)
        {
            Log.NotKnown(options.Logger, attempt.PluginName);
            return null;
        }

        try
        {
            return await DialAsync(endpoint, token, methods, options, cancellationToken).ConfigureAwait(false);
        }
        catch (PeerRefusedException failure)
        {
            throw attempt.Fail(PluginStartStage.Connect, PluginStartReason.AddressRefused, failure.Message, Expected, innerException: failure);
        }
        catch (IOException failure)
        {
            throw attempt.Fail(
                PluginStartStage.Connect, PluginStartReason.ConnectFailed, failure.Message, Expected,
                "The plugin's log says why it closed the connection. It takes three connections of a host with contracts: see MaxConnections in the plugin's options.", failure);
        }
    }

    /// <summary>The token by which the plugin knows the connection; null when it has no such method.</summary>
    private static async Task<ByteString?> AnnounceAsync(
        CallInvoker control, IEnumerable<HostContract> contracts, PluginStartAttempt attempt, CancellationToken cancellationToken)
    {
        try
        {
            var request = new OpenHostConnectionRequest { Services = { contracts.Select(contract => contract.ServiceName) } };
            using var call = new Control.ControlClient(control).OpenHostConnectionAsync(request, cancellationToken: cancellationToken);
            var token = (await call.ResponseAsync.ConfigureAwait(false)).Token;
            return token.Length == HostConnectionPreamble.TokenBytes ? token : throw attempt.Fail(
                PluginStartStage.Connect, PluginStartReason.ConnectFailed, $"it answered OpenHostConnection with a token of {token.Length} bytes.",
                $"a token of {HostConnectionPreamble.TokenBytes} bytes.");
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.Unimplemented)
        {
            return null;
        }
        catch (RpcException failure)
        {
            throw attempt.FailCall(PluginStartStage.Connect, PluginStartReason.ConnectFailed, "the call OpenHostConnection", failure, Expected, advice: null, cancellationToken);
        }
    }

    private static async Task<RpcServerConnection> DialAsync(
        PluginEndpoint endpoint, ByteString token, RpcMethods methods, RpcServerOptions options, CancellationToken cancellationToken)
    {
        var transport = await endpoint.DialAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await transport.Stream.WriteAsync(HostConnectionPreamble.Format(token.Span), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await transport.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        var connection = new RpcServerConnection(transport, methods, options);
        try
        {
            // That the plugin begins to speak is its answer to the token.
            await connection.Ready.WaitAsync(cancellationToken).ConfigureAwait(false);
            return connection.Loss is { } loss
                ? throw new IOException($"The plugin did not take the connection for calls back into the host: {loss.Reason}", loss.Exception)
                : connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(12, LogLevel.Debug, "Plugin '{Plugin}' knows no calls back into the host: it is no Plugwire plugin, or was made with an older SDK. The contracts that the host offers are out of its reach.")]
        public static partial void NotKnown(ILogger logger, string plugin);
    }
}
