using Plugwire.Interop;
using Plugwire.Interop.Serving;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Rpc.Server;
using Plugwire.Wire.Tests.Transports.UnixSockets;
using Plugwire.Wire.Transports.UnixSockets;

namespace Plugwire.ForeignPeers.Tests;

/// <summary>The interop cases between our wire and another stack, over Unix sockets, in both roles.</summary>
public abstract class GrpcPeerTests<TPeer>(TPeer peer) : IClassFixture<TPeer>
    where TPeer : GrpcPeer
{
    private const int MessageLimit = 4 * 1024 * 1024;

    [Theory, MemberData(nameof(PeerCases.OfPeersClients), MemberType = typeof(PeerCases))]
    public async Task PeerAsClient_OfOurServer_PassesTheCase(string caseName)
    {
        Programs.Require(peer.Missing);
        using var directory = new SocketDirectory();
        var methods = new RpcMethods();
        TestService.BindService(methods, new TestServiceImplementation());
        await using var server = new RpcServer(methods, new RpcServerOptions());
        server.Start(UnixSocketListener.Bind(directory.Of("ours.sock")));

        await peer.RunClientAsync(caseName, directory.Of("ours.sock")).Within();
    }

    [Theory, MemberData(nameof(PeerCases.OfOurClient), MemberType = typeof(PeerCases))]
    public async Task PeerAsServer_OfOurClient_PassesTheCase(string caseName)
    {
        Programs.Require(peer.Missing);
        await using var connection = await ConnectAsync(TestContext.Current.CancellationToken);
        var options = new InteropOptions
        {
            MaxRequestSize = MessageLimit,
            MaxResponseSize = MessageLimit,
            Connect = async token =>
            {
                var further = await ConnectAsync(token);
                return new InteropChannel(further.CallInvoker, further.DisposeAsync);
            },
        };

        await InteropCases.Get(caseName).RunAsync(connection.CallInvoker, options, TestContext.Current.CancellationToken).Within();
    }

    private async Task<RpcClientConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var transport = await UnixSocketConnector.ConnectAsync(peer.ServerPath, cancellationToken).Within();

        // Longer requests than the server takes have to be sent, to be refused.
        var options = new RpcClientOptions { MaxReceiveMessageSize = MessageLimit, MaxSendMessageSize = 2 * MessageLimit };
        return await RpcClientConnection.ConnectAsync(transport, options, cancellationToken).Within();
    }
}
