using Microsoft.Extensions.Logging.Testing;
using Plugwire.Wire.Tests.Rpc;
using Plugwire.Wire.Tests.Transports.UnixSockets;

namespace Plugwire.Interop.Tests;

/// <summary>Our client calls Grpc.AspNetCore.Server on Kestrel.</summary>
public sealed class OurClientToKestrelTests : PeerTests
{
    private protected override async Task<EchoPair> StartAsync()
    {
        var directory = new SocketDirectory();
        var logs = new FakeLogCollector();
        var service = new ScriptedEcho();
        var server = await KestrelServer.StartAsync(directory.Of("s"), service);
        var client = await OurClient.ConnectAsync(directory.Of("s"), new FakeLogger(logs));
        return new EchoPair(service, client.CallInvoker, logs, directory, client, server);
    }
}
