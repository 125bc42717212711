using Microsoft.Extensions.Time.Testing;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Hostile;

[Trait("Liveness", "keep-alive")]
public sealed class KeepAliveTests
{
    private readonly FakeTimeProvider _clock = new();

    [Theory]
    [InlineData("server")]
    [InlineData("client")]
    public async Task SilentPeer_IsAskedAndLosesTheConnectionWhenItDoesNotAnswer(string role)
    {
        await using var connection = await StartAsync(role);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await connection.Peer.NextAsync(RawFrame.Ping);
        _clock.Advance(TimeSpan.FromSeconds(3));
        await connection.ClosedAsync();
        Assert.Contains("has not answered a keep-alive PING within 3 s; nothing had come from it for 10 s", connection.Connection.Loss!.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("server")]
    [InlineData("client")]
    public async Task PeerThatAnswers_IsAskedAgainAfterTheNextSilence(string role)
    {
        await using var connection = await StartAsync(role);
        for (var i = 0; i < 5; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(10));
            var ping = await connection.Peer.NextAsync(RawFrame.Ping);
            _clock.Advance(TimeSpan.FromSeconds(2));
            await connection.Peer.SendAsync(Raw.Frame(RawFrame.Ping, RawFrame.Ack, 0, ping.Payload));
            await connection.Peer.FenceAsync();
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.False(connection.Connection.Closed.IsCompleted);
    }

    [Fact]
    public async Task PeerThatSpeaks_IsNotAsked()
    {
        await using var server = await StartAsync("server");
        for (var i = 0; i < 10; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(9));
            Assert.DoesNotContain(await server.Peer.FenceAsync(), frame => frame is { Type: RawFrame.Ping, IsAck: false });
        }
    }

    [Fact]
    public async Task WithoutTheOption_NobodyIsAsked()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(logger => new Http2Options { Logger = logger, TimeProvider = _clock });
        _clock.Advance(TimeSpan.FromDays(20));
        Assert.DoesNotContain(await server.Peer.FenceAsync(), frame => frame is { Type: RawFrame.Ping, IsAck: false });
    }

    private Task<ConnectionUnderTest> StartAsync(string role) => role == "server" ? ConnectionUnderTest.ServerAsync(Options) : ConnectionUnderTest.ClientAsync(Options);

    private Http2Options Options(Microsoft.Extensions.Logging.ILogger logger) => new()
    {
        Logger = logger,
        TimeProvider = _clock,
        KeepAlivePingDelay = TimeSpan.FromSeconds(10),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(3),
    };
}
