using Microsoft.Extensions.Time.Testing;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Hostile;

public sealed class SlowPeerTests
{
    private readonly FakeTimeProvider _clock = new();

    [Theory]
    [InlineData("server")]
    [InlineData("client")]
    [Trait("Hostile", "slow-drip")]
    public async Task FrameThatComesByteByByte_HasToEndInTime(string role)
    {
        await using var connection = await StartAsync(role);
        for (var i = 0; i < 7; i++)
        {
            await connection.Probe!.LookedAtAsync(connection.Peer, i == 0 ? Raw.Data(1, 100)[..9] : [0]);
            Assert.Null(connection.Connection.Loss);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        await ExpectEndAsync(connection);
    }

    [Fact]
    [Trait("Hostile", "never-ending headers")]
    public async Task HeaderBlockThatGoesOn_HasToEndInTime()
    {
        await using var server = await StartAsync("server");
        await server.Probe!.LookedAtAsync(server.Peer, Raw.Headers(1, Raw.RequestBlock(), endHeaders: false));
        for (var i = 0; i < 7; i++)
        {
            await server.Probe.LookedAtAsync(server.Peer, Raw.Continuation(1, Raw.Block(("a", "b")), endHeaders: false));
            Assert.Null(server.Connection.Loss);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        await ExpectEndAsync(server);
    }

    [Fact]
    [Trait("Hostile", "slow-drip")]
    public async Task PeerThatIsAlwaysWithinAnotherFrame_IsNotSlow()
    {
        await using var server = await StartAsync("server");
        var stream = await server.AcceptAsync(1);
        var frame = Raw.Data(1, 10);
        await server.Peer.SendAsync(frame[..5]);
        for (var i = 0; i < 30; i++)
        {
            await server.Peer.SendAsync([.. frame[5..], .. frame[..5]]);
            await stream.ExpectAsync("data 10");
            _clock.Advance(TimeSpan.FromSeconds(5));
        }

        await server.Probe!.LookedAtAsync(server.Peer, frame[5..]);
        _clock.Advance(TimeSpan.FromHours(1));
        await server.Peer.ExpectNoComplaintAsync();
    }

    private Task<ConnectionUnderTest> StartAsync(string role) => role == "server"
        ? ConnectionUnderTest.ServerAsync(Options, inner => new ProbeStream(inner))
        : ConnectionUnderTest.ClientAsync(Options, inner => new ProbeStream(inner));

    private Http2Options Options(Microsoft.Extensions.Logging.ILogger logger) => new() { Logger = logger, TimeProvider = _clock, FrameTimeout = TimeSpan.FromSeconds(7) };

    private static async Task ExpectEndAsync(ConnectionUnderTest connection)
    {
        await connection.Peer.ExpectGoAwayAsync(Http2ErrorCode.EnhanceYourCalm);
        await connection.ClosedAsync();
        Assert.Contains("not ended it within 7 s", connection.Connection.Loss!.Reason, StringComparison.Ordinal);
    }
}
