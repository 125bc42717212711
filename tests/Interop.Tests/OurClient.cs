using Microsoft.Extensions.Logging;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Transports.UnixSockets;

namespace Plugwire.Interop.Tests;

/// <summary>A client on our own wire.</summary>
internal static class OurClient
{
    public static async Task<RpcClientConnection> ConnectAsync(string path, ILogger logger)
    {
        var transport = await UnixSocketConnector.ConnectAsync(path, CancellationToken.None).WaitAsync(EchoPair.Limit);
        return await RpcClientConnection.ConnectAsync(
            transport,
            new RpcClientOptions { Logger = logger, MaxReceiveMessageSize = EchoPair.MessageLimit, MaxSendMessageSize = EchoPair.MessageLimit },
            CancellationToken.None).WaitAsync(EchoPair.Limit);
    }
}
