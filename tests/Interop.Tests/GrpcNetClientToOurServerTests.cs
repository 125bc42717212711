using Microsoft.Extensions.Logging.Testing;
using Plugwire.Wire.Tests.Rpc;
using Plugwire.Wire.Tests.Transports.UnixSockets;

namespace Plugwire.Interop.Tests;

/// <summary>Grpc.Net.Client calls our server.</summary>
public sealed class GrpcNetClientToOurServerTests : PeerTests
{
    private protected override Task<EchoPair> StartAsync()
    {
        var directory = new SocketDirectory();
        var logs = new FakeLogCollector();
        var service = new ScriptedEcho();
        var server = OurServer.Start(directory.Of("s"), service, new FakeLogger(logs));
        var client = new GrpcNetClient(directory.Of("s"));
        return Task.FromResult(new EchoPair(service, client.Channel.CreateCallInvoker(), logs, directory, client, server));
    }
}
