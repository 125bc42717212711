using Microsoft.Extensions.Logging.Testing;
using Plugwire.Wire.Tests.Rpc;
using Plugwire.Wire.Tests.Transports.UnixSockets;

namespace Plugwire.Interop.Tests;

/// <summary>Our client and our server: what the others are compared with.</summary>
public sealed class OurClientToOurServerTests : PeerTests
{
    private protected override async Task<EchoPair> StartAsync()
    {
        var directory = new SocketDirectory();
        var logs = new FakeLogCollector();
        var logger = new FakeLogger(logs);
        var service = new ScriptedEcho();
        var server = OurServer.Start(directory.Of("s"), service, logger);
        var client = await OurClient.ConnectAsync(directory.Of("s"), logger);
        return new EchoPair(service, client.CallInvoker, logs, directory, client, server);
    }
}
