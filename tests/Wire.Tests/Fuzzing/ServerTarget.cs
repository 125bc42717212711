using Grpc.Core;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Rpc.Server;
using Plugwire.Wire.Tests.Rpc;
using Plugwire.Wire.Transports.Memory;

namespace Plugwire.Wire.Tests.Fuzzing;

/// <summary>One server for all cases. After each, no handler of it runs, and it serves a call of another client.</summary>
internal sealed class ServerTarget : IAsyncDisposable
{
    private const string Greeting = "still here";

    private readonly FailureWatch _watch;
    private readonly FuzzService _service = new();
    private readonly RpcServer _server;

    public ServerTarget(FailureWatch watch)
    {
        _watch = watch;
        _server = new RpcServer(_service.Bind(), new RpcServerOptions { Logger = watch });
    }

    /// <summary>How many handlers have begun.</summary>
    public int Begun => _service.Begun;

    /// <returns>Whether the connection was still open at the end of it.</returns>
    /// <exception cref="FuzzException">What never happens has happened.</exception>
    public async Task<bool> PlayAsync(FuzzPlay play)
    {
        var peer = new FuzzPeer(ofClient: false);
        _server.Serve(peer.Transport);
        var wasOpen = await peer.PlayAsync(play, static _ => { });
        await IdleAsync().Within("the handlers of a connection that is over");
        return wasOpen;
    }

    /// <summary>A call that has nothing to do with the case.</summary>
    /// <exception cref="FuzzException">It is not answered.</exception>
    public async Task CallAsync()
    {
        var (near, far) = MemoryTransport.CreatePair();
        _server.Serve(far);
        try
        {
            await using var connection = await RpcClientConnection.ConnectAsync(near, new RpcClientOptions { Logger = _watch }, CancellationToken.None).Within("connecting another client");
            using var call = new Echo.EchoClient(connection.CallInvoker).UnaryAsync(new EchoRequest { Text = Greeting });
            if ((await call.ResponseAsync.Within("a call of another client")).Text != Greeting)
                throw new FuzzException("A call of another client got another answer.");
        }
        catch (Exception exception) when (exception is IOException or RpcException)
        {
            throw new FuzzException($"A call of another client failed: {exception}");
        }
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync().AsTask().Within("stopping the server");

    // The server tells how many handlers run, not when the last has ended.
    private async Task IdleAsync()
    {
        while (_server.ActiveCalls > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
        await _service.WhenIdle();
    }
}
