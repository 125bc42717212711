using Microsoft.Extensions.Time.Testing;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Hostile;

[Trait("Hostile", "SETTINGS that are never acknowledged")]
[Trait("RFC 9113", "6.5.3 Settings Synchronization")]
public sealed class SettingsTimeoutTests
{
    private readonly FakeTimeProvider _clock = new();

    [Theory]
    [InlineData("server")]
    [InlineData("client")]
    public async Task PeerThatNeverAcknowledges_LosesTheConnectionAfterTheTimeout(string role)
    {
        await using var connection = await StartAsync(role);
        await connection.Peer.SendAsync(Hello(role));
        await connection.Peer.FenceAsync();
        _clock.Advance(TimeSpan.FromSeconds(7) - TimeSpan.FromMilliseconds(1));
        await connection.Peer.FenceAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        var goAway = await connection.Peer.ExpectGoAwayAsync(Http2ErrorCode.SettingsTimeout);
        Assert.Contains("not acknowledged our HTTP/2 SETTINGS within 7 s", System.Text.Encoding.UTF8.GetString(goAway.Payload.AsSpan(8)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("server")]
    [InlineData("client")]
    public async Task PeerThatHasAcknowledged_MaySaySettingsAgainWithoutLimitOfTime(string role)
    {
        await using var connection = await StartAsync(role);
        await connection.Peer.SendAsync([.. Hello(role), Raw.SettingsAck]);
        await connection.Peer.FenceAsync();
        await connection.Peer.SendAsync(Raw.Settings());
        await connection.Peer.FenceAsync();
        _clock.Advance(TimeSpan.FromHours(1));
        await connection.Peer.ExpectNoComplaintAsync();
    }

    [Fact]
    public async Task PeerThatOnlyRepeatsItsSettings_GetsNoLongerForIt()
    {
        await using var server = await StartAsync("server");
        await server.Peer.SendAsync(Hello("server"));
        await server.Peer.FenceAsync();
        _clock.Advance(TimeSpan.FromSeconds(6));
        await server.Peer.SendAsync(Raw.Settings());
        await server.Peer.FenceAsync();
        _clock.Advance(TimeSpan.FromSeconds(1));
        await server.Peer.ExpectGoAwayAsync(Http2ErrorCode.SettingsTimeout);
    }

    private async Task<ConnectionUnderTest> StartAsync(string role)
    {
        if (role == "server")
            return ConnectionUnderTest.Server(Options);

        var client = ConnectionUnderTest.Client(Options);
        await client.ReadPrefaceAsync();
        return client;
    }

    private static byte[][] Hello(string role) => role == "server" ? [Raw.Preface, Raw.Settings()] : [Raw.Settings()];

    private Http2Options Options(Microsoft.Extensions.Logging.ILogger logger) => new() { Logger = logger, TimeProvider = _clock, SettingsTimeout = TimeSpan.FromSeconds(7) };
}
