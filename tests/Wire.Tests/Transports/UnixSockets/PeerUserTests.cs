using System.Net.Sockets;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Testing;
using Plugwire.Wire.Transports;
using Plugwire.Wire.Transports.UnixSockets;

namespace Plugwire.Wire.Tests.Transports.UnixSockets;

[UnsupportedOSPlatform("windows")]
public sealed class PeerUserTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1000u, 1000u)]
    [InlineData(0u, 1000u)]
    [InlineData(0u, 0u)]
    public void FindViolation_OwnUserOrAdministrator_IsFine(uint peer, uint own) => Assert.Null(PeerUser.FindViolation(new PeerProcess(7, peer), own));

    [Fact]
    public void FindViolation_AnotherUser_NamesBoth() =>
        Assert.Equal("at the other end is process 7 of user 1001, and this process is user 1000's", PeerUser.FindViolation(new PeerProcess(7, 1001), 1000));

    [Fact]
    public void FindViolation_UserOfTheOwnNumberSeenFromAnAdministrator_IsAnotherUser() => Assert.NotNull(PeerUser.FindViolation(new PeerProcess(7, 1000), 0));

    [Fact]
    public void FindViolation_SystemThatDoesNotSay_IsRefused() => Assert.Contains("does not tell", PeerUser.FindViolation(null, 1000), StringComparison.Ordinal);

    [Fact]
    public async Task Accept_PeerOfAnotherUser_IsClosedWithoutAWordAndTheNextIsServed()
    {
        OtherUser.SkipUnlessPossible();
        using var directory = new SocketDirectory();
        var logger = new FakeLogger();
        await using var listener = UnixSocketListener.Bind(directory.Of("s"), logger: logger);
        Open(directory, listener.Address);
        var accepted = listener.AcceptAsync(Token).AsTask();

        using var stranger = await OtherUser.RunAsync(() => Connect(listener.Address)).WaitAsync(Limit, Token);
        Assert.Equal(0, await stranger.ReceiveAsync(new byte[1], Token).AsTask().WaitAsync(Limit, Token));
        Assert.False(accepted.IsCompleted);
        await using var client = await UnixSocketConnector.ConnectAsync(listener.Address, Token).WaitAsync(Limit, Token);
        await using var server = await accepted.WaitAsync(Limit, Token);

        Assert.Equal(Environment.ProcessId, server?.Peer?.ProcessId);
        Assert.Equal(
            $"A connection to the socket {listener.Address} is closed before a word was said: at the other end is process {Environment.ProcessId} of user {OtherUser.Id}, and this process is user 0's.",
            Assert.Single(logger.Collector.GetSnapshot()).Message);
    }

    [Fact]
    public async Task Accept_PeerOfAnotherUserOnASocketGivenToOthers_IsServed()
    {
        OtherUser.SkipUnlessPossible();
        using var directory = new SocketDirectory();
        await using var listener = UnixSocketListener.Bind(directory.Of("s"));
        Open(directory, listener.Address);
        listener.AdmitAll();

        using var stranger = await OtherUser.RunAsync(() => Connect(listener.Address)).WaitAsync(Limit, Token);
        await using var server = await listener.AcceptAsync(Token).AsTask().WaitAsync(Limit, Token);

        Assert.Equal(OtherUser.Id, server?.Peer?.UserId);
    }

    [Fact]
    public async Task Connect_ListenerOfAnotherUser_IsClosedWithoutAWord()
    {
        OtherUser.SkipUnlessPossible();
        using var directory = new SocketDirectory();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(directory.Of("s")));
        await OtherUser.RunAsync(() => { socket.Listen(); return true; }).WaitAsync(Limit, Token);

        var refusal = await Assert.ThrowsAsync<PeerRefusedException>(() => UnixSocketConnector.ConnectAsync(directory.Of("s"), Token).WaitAsync(Limit, Token));

        Assert.Contains($"of user {OtherUser.Id}", refusal.Message, StringComparison.Ordinal);
        using var accepted = await socket.AcceptAsync(Token).AsTask().WaitAsync(Limit, Token);
        Assert.Equal(0, await accepted.ReceiveAsync(new byte[1], Token).AsTask().WaitAsync(Limit, Token));
    }

    // What the modes keep out must be kept out without them.
    private static void Open(SocketDirectory directory, string socket)
    {
        File.SetUnixFileMode(directory.Path, File.GetUnixFileMode(directory.Path) | UnixFileMode.OtherExecute);
        File.SetUnixFileMode(socket, File.GetUnixFileMode(socket) | UnixFileMode.OtherRead | UnixFileMode.OtherWrite);
    }

    private static Socket Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return socket;
    }
}
