using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Plugwire.Wire.Transports.UnixSockets;

namespace Plugwire.Wire.Tests.Transports.UnixSockets;

public sealed class UnixSocketListenerTests : TransportContractTests
{
    [Fact]
    public async Task Bind_FreshPath_CreatesASocketForItsUserAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        using var directory = new SocketDirectory();
        await using var listener = UnixSocketListener.Bind(directory.Of("s"));

        Assert.Equal(directory.Of("s"), listener.Address);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(listener.Address));
    }

    [Fact]
    public async Task Dispose_Always_RemovesTheFile()
    {
        using var directory = new SocketDirectory();
        var listener = UnixSocketListener.Bind(directory.Of("s"));

        await listener.DisposeAsync();
        await listener.DisposeAsync();

        Assert.Empty(Directory.GetFileSystemEntries(directory.Path));
    }

    [Fact]
    public async Task Dispose_WithAcceptedConnections_LeavesThemAlone()
    {
        await using var pair = await ConnectAsync();

        await pair.Listener!.DisposeAsync();

        await pair.Client.Stream.WriteAsync("x"u8.ToArray(), Token);
        Assert.Equal(1, await pair.Server.Stream.ReadAsync(new byte[1], Token).AsTask().WaitAsync(Limit, Token));
    }

    [Fact]
    public async Task Bind_PathTaken_NamesPathAndReasonAndLeavesTheOtherAlone()
    {
        using var directory = new SocketDirectory();
        await using var first = UnixSocketListener.Bind(directory.Of("s"));

        var error = Assert.Throws<IOException>(() => UnixSocketListener.Bind(directory.Of("s")));

        Assert.StartsWith($"Cannot listen on the socket '{directory.Of("s")}': a file of that name exists.", error.Message, StringComparison.Ordinal);
        await using var client = await UnixSocketConnector.ConnectAsync(directory.Of("s"), Token);
    }

    [Fact]
    public void Bind_DirectoryMissing_NamesIt()
    {
        using var directory = new SocketDirectory();

        var error = Assert.Throws<IOException>(() => UnixSocketListener.Bind(directory.Of("missing/s")));

        Assert.Contains($"its directory '{directory.Of("missing")}' does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bind_PathTooLong_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => UnixSocketListener.Bind("/tmp/" + new string('x', 200)));
    }

    [Fact]
    public async Task Accept_OnLinux_TellsWhoTheOtherSideIs()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells process and user.");
        await using var pair = await ConnectAsync();

        Assert.Equal(Environment.ProcessId, pair.Server.Peer?.ProcessId);
        Assert.Equal(Environment.ProcessId, pair.Client.Peer?.ProcessId);
        Assert.Equal(pair.Client.Peer, pair.Server.Peer);
        Assert.Contains($"process {Environment.ProcessId}", pair.Server.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accept_ListenerDisposed_ReturnsNull()
    {
        using var directory = new SocketDirectory();
        var listener = UnixSocketListener.Bind(directory.Of("s"));
        var pending = listener.AcceptAsync(Token).AsTask();

        await listener.DisposeAsync();

        Assert.Null(await pending.WaitAsync(Limit, Token));
        Assert.Null(await listener.AcceptAsync(Token).AsTask().WaitAsync(Limit, Token));
    }

    [Fact]
    public async Task Accept_Cancelled_ThrowsAndTheListenerStaysUsable()
    {
        using var directory = new SocketDirectory();
        await using var listener = UnixSocketListener.Bind(directory.Of("s"));
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var pending = listener.AcceptAsync(cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending.WaitAsync(Limit, Token));
        await using var client = await UnixSocketConnector.ConnectAsync(listener.Address, Token);
        await using var server = await listener.AcceptAsync(Token).AsTask().WaitAsync(Limit, Token);
        Assert.NotNull(server);
    }

    [Fact]
    [Trait("Fault", "F30")]
    public async Task Accept_NoDescriptorsLeft_WaitsLongerEachTimeLogsAndGoesOn()
    {
        using var directory = new SocketDirectory();
        using var clock = new TimerFence();
        var logger = new FakeLogger();
        var attempts = 0;
        await using var listener = UnixSocketListener.Bind(
            directory.Of("s"),
            (socket, token) => ++attempts <= 2 ? throw new SocketException((int)SocketError.TooManyOpenSockets) : socket.AcceptAsync(token),
            clock,
            logger);
        await using var client = await UnixSocketConnector.ConnectAsync(listener.Address, Token);

        var pending = listener.AcceptAsync(Token).AsTask();
        await clock.NextWaitAsync(Token);
        clock.Advance(TimeSpan.FromMilliseconds(10));
        await clock.NextWaitAsync(Token);
        clock.Advance(TimeSpan.FromMilliseconds(19));
        Assert.Equal(2, attempts);
        clock.Advance(TimeSpan.FromMilliseconds(1));

        await using var server = await pending.WaitAsync(Limit, Token);
        Assert.NotNull(server);
        Assert.Equal(3, attempts);
        Assert.Equal(
            [
                $"The socket {listener.Address} could not accept a connection: TooManyOpenSockets. Trying again in 10 ms.",
                $"The socket {listener.Address} could not accept a connection: TooManyOpenSockets. Trying again in 20 ms.",
            ],
            logger.Collector.GetSnapshot().Where(entry => entry.Level == LogLevel.Warning).Select(entry => entry.Message));
    }

    [Fact]
    public async Task Accept_DisposedDuringThePause_ReturnsNull()
    {
        using var directory = new SocketDirectory();
        using var clock = new TimerFence();
        await using var listener = FailingListener(directory, SocketError.TooManyOpenSockets, clock);

        var pending = listener.AcceptAsync(Token).AsTask();
        await clock.NextWaitAsync(Token);
        await listener.DisposeAsync();

        Assert.Null(await pending.WaitAsync(Limit, Token));
    }

    [Fact]
    public async Task Accept_CancelledDuringThePause_ThrowsCancelled()
    {
        using var directory = new SocketDirectory();
        using var clock = new TimerFence();
        await using var listener = FailingListener(directory, SocketError.TooManyOpenSockets, clock);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var pending = listener.AcceptAsync(cancellation.Token).AsTask();
        await clock.NextWaitAsync(Token);
        await cancellation.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending.WaitAsync(Limit, Token));
        Assert.Equal(cancellation.Token, error.CancellationToken);
    }

    [Fact]
    public async Task Accept_BrokenForGood_ThrowsWithThePath()
    {
        using var directory = new SocketDirectory();
        using var clock = new TimerFence();
        await using var listener = FailingListener(directory, SocketError.NotSocket, clock);

        var error = await Assert.ThrowsAsync<IOException>(() => listener.AcceptAsync(Token).AsTask().WaitAsync(Limit, Token));

        Assert.StartsWith($"The socket '{listener.Address}' accepts no more connections:", error.Message, StringComparison.Ordinal);
    }

    internal override async Task<ConnectedPair> ConnectAsync()
    {
        var directory = new SocketDirectory();
        var listener = UnixSocketListener.Bind(directory.Of("s"));
        var client = await UnixSocketConnector.ConnectAsync(listener.Address, Token).WaitAsync(Limit, Token);
        var server = await listener.AcceptAsync(Token).AsTask().WaitAsync(Limit, Token);
        Assert.NotNull(server);
        return new ConnectedPair(client, server, listener, directory);
    }

    private static UnixSocketListener FailingListener(SocketDirectory directory, SocketError error, TimeProvider clock) =>
        UnixSocketListener.Bind(directory.Of("s"), (_, _) => throw new SocketException((int)error), clock, logger: null);
}
