using Plugwire.Wire.Transports;

namespace Plugwire.Wire.Tests.Transports;

/// <summary>What every transport promises to the HTTP/2 connection on top of it; each transport's tests derive from this.</summary>
public abstract class TransportContractTests
{
    protected static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_AfterPeerWrote_ReturnsItsBytes()
    {
        await using var pair = await ConnectAsync();

        await pair.Client.Stream.WriteAsync("ping"u8.ToArray(), Token).AsTask().WaitAsync(Limit, Token);

        Assert.Equal("ping"u8.ToArray(), await ReadExactlyAsync(pair.Server, 4));
    }

    [Fact]
    public async Task Read_PeerDisposed_ReturnsZeroAfterTheLastByte()
    {
        await using var pair = await ConnectAsync();
        await pair.Server.Stream.WriteAsync("bye"u8.ToArray(), Token).AsTask().WaitAsync(Limit, Token);

        await pair.Server.DisposeAsync();

        Assert.Equal("bye"u8.ToArray(), await ReadExactlyAsync(pair.Client, 3));
        Assert.Equal(0, await pair.Client.Stream.ReadAsync(new byte[1], Token).AsTask().WaitAsync(Limit, Token));
    }

    [Fact]
    public async Task PendingRead_PeerDisposed_ReturnsZero()
    {
        await using var pair = await ConnectAsync();
        var pending = pair.Client.Stream.ReadAsync(new byte[1], Token).AsTask();

        await pair.Server.DisposeAsync();

        Assert.Equal(0, await pending.WaitAsync(Limit, Token));
    }

    [Fact]
    public async Task PendingRead_OwnSideDisposed_Throws()
    {
        await using var pair = await ConnectAsync();
        var pending = pair.Client.Stream.ReadAsync(new byte[1], Token).AsTask();

        await pair.Client.DisposeAsync();

        await Assert.ThrowsAsync<IOException>(() => pending.WaitAsync(Limit, Token));
    }

    [Fact]
    public async Task PendingRead_Cancelled_ThrowsAndTheConnectionStaysUsable()
    {
        await using var pair = await ConnectAsync();
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var pending = pair.Client.Stream.ReadAsync(new byte[1], cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending.WaitAsync(Limit, Token));
        await pair.Server.Stream.WriteAsync("x"u8.ToArray(), Token).AsTask().WaitAsync(Limit, Token);
        Assert.Equal("x"u8.ToArray(), await ReadExactlyAsync(pair.Client, 1));
    }

    [Fact]
    public async Task Write_PeerDisposed_Throws()
    {
        await using var pair = await ConnectAsync();

        await pair.Server.DisposeAsync();

        await Assert.ThrowsAsync<IOException>(() => pair.Client.Stream.WriteAsync(new byte[1], Token).AsTask().WaitAsync(Limit, Token));
    }

    [Fact]
    public async Task Use_OwnSideDisposed_ThrowsObjectDisposed()
    {
        await using var pair = await ConnectAsync();

        await pair.Client.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => pair.Client.Stream.ReadAsync(new byte[1], Token).AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pair.Client.Stream.WriteAsync(new byte[1], Token).AsTask());
    }

    [Fact]
    public async Task Dispose_Twice_IsHarmless()
    {
        await using var pair = await ConnectAsync();

        await pair.Client.DisposeAsync();
        await pair.Client.DisposeAsync();

        Assert.Equal(0, await pair.Server.Stream.ReadAsync(new byte[1], Token).AsTask().WaitAsync(Limit, Token));
    }

    [Fact]
    public async Task Write_NobodyReads_StopsAndGoesOnWithTheReader()
    {
        const int Chunk = 64 * 1024;
        const int FarMoreThanAnyBuffer = 64 * 1024 * 1024;
        await using var pair = await ConnectAsync();
        var sent = new byte[Chunk];
        new Random(7).NextBytes(sent);

        // Written until a write does not end at once: that one waits for the reader.
        var total = 0;
        Task pending;
        do
        {
            Assert.True(total < FarMoreThanAnyBuffer, $"{total} bytes went into a connection that nobody reads.");
            pending = pair.Client.Stream.WriteAsync(sent, Token).AsTask();
            total += Chunk;
        }
        while (pending.IsCompletedSuccessfully);

        for (var received = 0; received < total; received += Chunk)
            Assert.Equal(sent, await ReadExactlyAsync(pair.Server, Chunk));
        await pending.WaitAsync(Limit, Token);
    }

    [Fact]
    public async Task PendingWrite_EitherSideDisposed_Throws()
    {
        foreach (var ownSide in new[] { true, false })
        {
            await using var pair = await ConnectAsync();
            Task pending;
            do
                pending = pair.Client.Stream.WriteAsync(new byte[64 * 1024], Token).AsTask();
            while (pending.IsCompletedSuccessfully);

            await (ownSide ? pair.Client : pair.Server).DisposeAsync();

            await Assert.ThrowsAsync<IOException>(() => pending.WaitAsync(Limit, Token));
        }
    }

    [Fact]
    public async Task BothDirections_AtOnce_CarryEveryByteInOrder()
    {
        const int Size = 3_000_001;
        await using var pair = await ConnectAsync();
        var up = new byte[Size];
        var down = new byte[Size];
        new Random(1).NextBytes(up);
        new Random(2).NextBytes(down);

        var writes = Task.WhenAll(pair.Client.Stream.WriteAsync(up, Token).AsTask(), pair.Server.Stream.WriteAsync(down, Token).AsTask());
        var atServer = ReadExactlyAsync(pair.Server, Size);
        var atClient = ReadExactlyAsync(pair.Client, Size);

        Assert.Equal(up, await atServer);
        Assert.Equal(down, await atClient);
        await writes.WaitAsync(Limit, Token);
    }

    /// <summary>Two ends of one new connection.</summary>
    internal abstract Task<ConnectedPair> ConnectAsync();

    private static async Task<byte[]> ReadExactlyAsync(TransportConnection connection, int count)
    {
        var bytes = new byte[count];
        await connection.Stream.ReadExactlyAsync(bytes, Token).AsTask().WaitAsync(Limit, Token);
        return bytes;
    }

    internal sealed record ConnectedPair(TransportConnection Client, TransportConnection Server, IAsyncDisposable? Listener = null, IDisposable? Directory = null)
        : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            await Server.DisposeAsync();
            if (Listener is not null)
                await Listener.DisposeAsync();
            Directory?.Dispose();
        }
    }
}
