using Grpc.Core;
using Microsoft.Extensions.Logging;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Transports;

namespace Plugwire.Contracts.Tests.Links;

/// <summary>A client on our own wire.</summary>
internal sealed class OurClient(RpcClientConnection connection, TransportConnection transport) : IClientSide
{
    public CallInvoker Invoker => connection.CallInvoker;

    public static async Task<OurClient> ConnectAsync(TransportConnection transport, ILogger logger, TimeProvider? clock)
    {
        var connection = await RpcClientConnection.ConnectAsync(transport, new RpcClientOptions { Logger = logger, TimeProvider = clock ?? TimeProvider.System }, CancellationToken.None).Within();
        return new OurClient(connection, transport);
    }

    public Task CutAsync() => transport.DisposeAsync().AsTask();

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
