using Plugwire.Wire.Transports.Memory;

namespace Plugwire.Wire.Tests.Transports.Memory;

public sealed class MemoryListenerTests : TransportContractTests
{
    [Fact]
    public async Task Accept_ListenerDisposed_ReturnsNull()
    {
        var listener = new MemoryListener();
        var pending = listener.AcceptAsync(Token).AsTask();

        await listener.DisposeAsync();

        Assert.Null(await pending.WaitAsync(Limit, Token));
        Assert.Null(await listener.AcceptAsync(Token));
    }

    [Fact]
    public async Task Accept_Cancelled_ThrowsAndTheListenerStaysUsable()
    {
        await using var listener = new MemoryListener();
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var pending = listener.AcceptAsync(cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending.WaitAsync(Limit, Token));
        await using var client = await listener.ConnectAsync(Token);
        await using var server = await listener.AcceptAsync(Token);
        Assert.NotNull(server);
    }

    [Fact]
    public async Task Connect_ListenerDisposed_NamesTheListener()
    {
        var listener = new MemoryListener("greeter");
        await listener.DisposeAsync();

        var error = await Assert.ThrowsAsync<IOException>(() => listener.ConnectAsync(Token).AsTask());

        Assert.Contains("'greeter'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispose_WithAConnectionNotYetAccepted_ClosesIt()
    {
        var listener = new MemoryListener();
        await using var client = await listener.ConnectAsync(Token);

        await listener.DisposeAsync();

        Assert.Equal(0, await client.Stream.ReadAsync(new byte[1], Token).AsTask().WaitAsync(Limit, Token));
    }

    internal override async Task<ConnectedPair> ConnectAsync()
    {
        var listener = new MemoryListener();
        var client = await listener.ConnectAsync(Token);
        var server = await listener.AcceptAsync(Token).AsTask().WaitAsync(Limit, Token);
        Assert.NotNull(server);
        return new ConnectedPair(client, server, listener);
    }
}
