using Plugwire.Wire.Transports.Memory;

namespace Plugwire.Wire.Tests.Transports.Memory;

public sealed class MemoryTransportTests : TransportContractTests
{
    [Fact]
    public void CreatePair_BothEnds_TellNoPeerProcess()
    {
        var (client, server) = MemoryTransport.CreatePair("pair");

        Assert.Null(client.Peer);
        Assert.Null(server.Peer);
        Assert.Equal("pair", client.RemoteAddress);
    }

    [Fact]
    public async Task Write_OneLargeBuffer_HoldsNoMoreThanTheThresholdAtOnce()
    {
        await using var pair = await ConnectAsync();

        var pending = pair.Client.Stream.WriteAsync(new byte[1024 * 1024], Token).AsTask();

        // What is there without the writer going on: the threshold and one step beyond it at most.
        var first = await pair.Server.Stream.ReadAsync(new byte[1024 * 1024], Token).AsTask().WaitAsync(Limit, Token);
        Assert.InRange(first, 1, (64 + 16) * 1024);
        Assert.False(pending.IsCompleted);
    }

    internal override Task<ConnectedPair> ConnectAsync()
    {
        var (client, server) = MemoryTransport.CreatePair();
        return Task.FromResult(new ConnectedPair(client, server));
    }
}
