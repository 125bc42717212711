using System.Net.Sockets;
using Plugwire.Wire.Transports.UnixSockets;

namespace Plugwire.Wire.Tests.Transports.UnixSockets;

public sealed class UnixSocketConnectorTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connect_NoSuchFile_NamesPathAndReason()
    {
        using var directory = new SocketDirectory();
        var path = directory.Of("missing");

        var error = await Assert.ThrowsAsync<IOException>(() => UnixSocketConnector.ConnectAsync(path, Token).WaitAsync(Limit, Token));

        Assert.Equal($"Cannot connect to the socket '{path}': there is no such file (ENOENT). Its owner has ended, or has not created it yet.", error.Message);
        Assert.IsType<SocketException>(error.InnerException);
    }

    [Fact]
    public async Task Connect_NobodyListens_NamesPathAndReason()
    {
        using var directory = new SocketDirectory();
        var path = directory.Of("deaf");
        using var bound = NewSocket();
        bound.Bind(new UnixDomainSocketEndPoint(path));

        var error = await Assert.ThrowsAsync<IOException>(() => UnixSocketConnector.ConnectAsync(path, Token).WaitAsync(Limit, Token));

        Assert.StartsWith($"Cannot connect to the socket '{path}': nobody listens there (ECONNREFUSED).", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_PathTooLong_IsRefusedBeforeTheSystemIsAsked()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => UnixSocketConnector.ConnectAsync("/tmp/" + new string('x', 200), Token));
    }

    [Fact]
    [Trait("Fault", "F12")]
    public async Task Connect_BacklogFull_ConnectsOnceThereIsRoom()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux answers EAGAIN when the backlog is full.");
        using var directory = new SocketDirectory();
        using var clock = new TimerFence();
        using var listener = ListenWithFullBacklog(directory.Of("full"), out var waiting);

        var pending = UnixSocketConnector.ConnectAsync(directory.Of("full"), clock, Token);
        await clock.NextWaitAsync(Token);
        Assert.False(pending.IsCompleted);
        using var accepted = await listener.AcceptAsync(Token).AsTask().WaitAsync(Limit, Token);
        clock.Advance(TimeSpan.FromMilliseconds(1));

        await using var connection = await pending.WaitAsync(Limit, Token);
        Assert.Equal(directory.Of("full"), connection.RemoteAddress);
        waiting.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task Connect_BacklogStaysFull_GivesUpAfterAboutTwoSecondsAndSaysSo()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux answers EAGAIN when the backlog is full.");
        using var directory = new SocketDirectory();
        using var clock = new TimerFence();
        using var listener = ListenWithFullBacklog(directory.Of("full"), out var waiting);
        var start = clock.GetTimestamp();

        var pending = UnixSocketConnector.ConnectAsync(directory.Of("full"), clock, Token);
        for (var wait = 1; wait <= 21; wait++)
        {
            await clock.NextWaitAsync(Token);
            clock.Advance(TimeSpan.FromMilliseconds(Math.Min(128, 1 << (wait - 1))));
        }

        var error = await Assert.ThrowsAsync<IOException>(() => pending.WaitAsync(Limit, Token));
        Assert.Contains("its queue of waiting connections is full (EAGAIN), still so after 22 attempts", error.Message, StringComparison.Ordinal);
        Assert.InRange(clock.GetElapsedTime(start), TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(2.5));
        waiting.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task Connect_CancelledWhileTheBacklogIsFull_ThrowsCancelled()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux answers EAGAIN when the backlog is full.");
        using var directory = new SocketDirectory();
        using var clock = new TimerFence();
        using var listener = ListenWithFullBacklog(directory.Of("full"), out var waiting);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var pending = UnixSocketConnector.ConnectAsync(directory.Of("full"), clock, cancellation.Token);
        await clock.NextWaitAsync(Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending.WaitAsync(Limit, Token));
        waiting.ForEach(socket => socket.Dispose());
    }

    private static Socket ListenWithFullBacklog(string path, out List<Socket> waiting)
    {
        var listener = NewSocket();
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(1);
        waiting = [];
        while (true)
        {
            // A non-blocking connect is how the queue tells that it is full.
            var socket = NewSocket();
            socket.Blocking = false;
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(path));
                waiting.Add(socket);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
            {
                socket.Dispose();
                return listener;
            }
        }
    }

    private static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
}
